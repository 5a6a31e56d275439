/** What became of the accounts of one wave of containment. */
export interface ActionTally {
  /** Accounts of the wave that have any outcome. */
  readonly acted: number;
  /** The directory refused them, or did not answer in the end. */
  readonly failed: number;
  /** They are not in the directory any more. */
  readonly missing: number;
  /** Their password is another one than when the plan was drawn up. */
  readonly changedSince: number;
}

export interface ActionLimits {
  readonly shareMax: number;
  /** Fewer than this say nothing: a wave of ten always has a holder who was quicker. */
  readonly accountsMin: number;
}

/** More than one in twenty means that the directory, or what the plan knows of it, is not what it was. */
export const standardActionLimits: ActionLimits = { shareMax: 0.05, accountsMin: 5 };

export type ActionVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'hold'; readonly accounts: number; readonly share: number };

/** Judges whether the directory still does what the plan expects of it. Holds, and never halts: nobody was harmed. */
export function judgeActions(tally: ActionTally, limits: ActionLimits = standardActionLimits): ActionVerdict {
  const accounts = tally.failed + tally.missing + tally.changedSince;
  const share = tally.acted === 0 ? 0 : accounts / tally.acted;
  return accounts >= limits.accountsMin && share > limits.shareMax
    ? { kind: 'hold', accounts, share }
    : { kind: 'pass' };
}
