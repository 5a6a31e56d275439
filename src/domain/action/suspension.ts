/** Names one suspension of one account, in the mark that the directory carries and in the ledger. */
export type SuspensionId = `sus_${number}`;

/**
 * `marked`: its mark is known, and the directory may or may not carry it yet. `open`: it does, and we have the receipt.
 * `reinstated`: a retraction or a granted appeal took it back. `lapsed`: its time was over, and it was taken back.
 * `retired`: the directory does not carry it, without our doing: it was never placed, or the service put something else there.
 */
export type SuspensionState = 'marked' | 'open' | 'reinstated' | 'lapsed' | 'retired';

export type ClosedSuspension = Exclude<SuspensionState, 'marked' | 'open'>;

/** What a directory holds for an account at this moment. `other`: the service itself, or another hand, suspended it. */
export type LiveSuspension =
  | { readonly kind: 'missing' }
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly suspension: SuspensionId }
  | { readonly kind: 'other' };

/** What decisions need to know of a suspension. */
export interface SuspensionFacts {
  readonly id: SuspensionId;
  readonly state: SuspensionState;
  readonly suspendedAt: Date | null;
  readonly sessionsEndedAt: Date | null;
}

const pattern = /^sus_([1-9][0-9]{0,15})$/;

export function suspensionId(number: number): SuspensionId {
  return `sus_${number}`;
}

/** The number inside an id, or null where `text` is none. */
export function suspensionNumber(text: string): number | null {
  const match = pattern.exec(text);
  return match === null ? null : Number(match[1]);
}

/** Open in the sense of "at most one open suspension per account". */
export function isOpenSuspension(state: SuspensionState): boolean {
  return state === 'marked' || state === 'open';
}
