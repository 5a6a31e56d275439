/**
 * What became of one account of a plan's contain track, as the byte that its outcome vector holds. The numbers are in
 * stored vectors and in ledger digests: they are never given to another word.
 */
export const containOutcomeCodes = {
  created: 0,
  claimed: 1,
  contained: 2,
  'already-quarantined': 3,
  'changed-since': 4,
  missing: 5,
  passwordless: 6,
  failed: 7,
  unknown: 8,
  released: 9,
  'evidence-withdrawn': 10,
  'already-suspended': 11,
} as const;

export type ContainState = keyof typeof containOutcomeCodes;

/** What `containAccounts` answers for an account. */
export type ContainOutcome = Exclude<ContainState, 'created' | 'claimed' | 'evidence-withdrawn'>;

/**
 * `failed` and `released` say that this plan changed nothing at the account, so it may be claimed again. `unknown`
 * may have changed it: only what reading back proves can follow, and it is never claimed anew or called released.
 * `evidence-withdrawn`: nothing that the plan stands on speaks of the account any more, so it was left alone.
 * `already-suspended`: the service, or another plan, had suspended it before; that suspension is not ours to lift.
 */
const moves: Readonly<Record<ContainState, readonly ContainState[]>> = {
  created: ['claimed'],
  claimed: [
    'contained',
    'already-quarantined',
    'changed-since',
    'missing',
    'passwordless',
    'failed',
    'unknown',
    'released',
    'evidence-withdrawn',
    'already-suspended',
  ],
  contained: [],
  'already-quarantined': [],
  'changed-since': [],
  missing: [],
  passwordless: [],
  failed: ['claimed'],
  unknown: [
    'contained',
    'already-quarantined',
    'changed-since',
    'missing',
    'passwordless',
    'failed',
    'already-suspended',
  ],
  released: ['claimed'],
  'evidence-withdrawn': [],
  'already-suspended': [],
};

const containStates = Object.keys(containOutcomeCodes) as readonly ContainState[];

export function mayMoveContain(from: ContainState, to: ContainState): boolean {
  return moves[from].includes(to);
}

/** Whether nothing can follow. A track is finished when every account is in such a state. */
export function isFinalContain(state: ContainState): boolean {
  return !containStates.some((to) => mayMoveContain(state, to));
}

/** The state that a byte of an outcome vector stands for. Throws on a byte that no version ever wrote. */
export function containStateOf(code: number): ContainState {
  const state = containStates.find((each) => containOutcomeCodes[each] === code);
  if (state === undefined) throw new Error(`no contain outcome has the code ${code}`);
  return state;
}
