/** Suspended now; let in again because it was wrong; over by itself; ours gone, and perhaps another there. */
export type SuspensionStatus = 'suspended' | 'reinstated' | 'lapsed' | 'no-longer-by-us';

/** What one plan did to an account, as far as its holder can be told. */
export interface StatusEntry {
  readonly what: 'taken' | 'given-back' | 'own-password' | 'closed' | 'signed-out' | 'told' | SuspensionStatus;
  readonly at: Date | null;
  /** Of the notice that was sent about it; null where none was. */
  readonly number: string | null;
}
