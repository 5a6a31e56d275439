/**
 * What became of one account of a retraction's restore track, as the byte that its outcome vector holds. The numbers
 * are in stored vectors and in ledger digests: they are never given to another word.
 */
export const restoreOutcomeCodes = {
  created: 0,
  claimed: 1,
  restored: 2,
  'already-restored': 3,
  'changed-since': 4,
  'held-by-evidence': 5,
  missing: 6,
  failed: 7,
  unknown: 8,
  released: 9,
} as const;

export type RestoreState = keyof typeof restoreOutcomeCodes;

/** What `restoreAccounts` answers for an account. */
export type RestoreOutcome = Exclude<RestoreState, 'created' | 'claimed' | 'released'>;

/**
 * `failed` and `released` say that the directory was not changed, so the account may be claimed again. `unknown` may
 * have been restored: only what reading back proves can follow, and it is never claimed anew or called released.
 */
const moves: Readonly<Record<RestoreState, readonly RestoreState[]>> = {
  created: ['claimed'],
  claimed: [
    'restored',
    'already-restored',
    'changed-since',
    'held-by-evidence',
    'missing',
    'failed',
    'unknown',
    'released',
  ],
  restored: [],
  'already-restored': [],
  'changed-since': [],
  'held-by-evidence': [],
  missing: [],
  failed: ['claimed'],
  unknown: ['restored', 'already-restored', 'changed-since', 'held-by-evidence', 'missing', 'failed'],
  released: ['claimed'],
};

const restoreStates = Object.keys(restoreOutcomeCodes) as readonly RestoreState[];

export function mayMoveRestore(from: RestoreState, to: RestoreState): boolean {
  return moves[from].includes(to);
}

/** Whether nothing can follow within this retraction. */
export function isFinalRestore(state: RestoreState): boolean {
  return !restoreStates.some((to) => mayMoveRestore(state, to));
}

/** The state that a byte of an outcome vector stands for. Throws on a byte that no version ever wrote. */
export function restoreStateOf(code: number): RestoreState {
  const state = restoreStates.find((each) => restoreOutcomeCodes[each] === code);
  if (state === undefined) throw new Error(`no restore outcome has the code ${code}`);
  return state;
}
