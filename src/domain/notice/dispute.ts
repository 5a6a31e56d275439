/** One press of "this is not right". It may pause a rollout; it never unlocks an account. */
export interface DisputePress {
  readonly pressedAt: Date;
  /** When the mail server took the notice; null where that is not known. */
  readonly deliveredAt: Date | null;
  /** Whose notice it was. A canary is an account of ours that no evidence is about. */
  readonly recipient: 'holder' | 'staff' | 'canary';
}

/** Mail scanners open every link as the mail comes in; nobody reads, decides and presses this fast. */
const SCANNER_MS = 5_000;

/**
 * How a press counts. Where the time of delivery is not known it counts: a press too many pauses, one too few lets a
 * wrong wave run. A press dated before its delivery is a clock that disagrees, and counts too.
 */
export function classifyPress(press: DisputePress): 'scanner' | DisputePress['recipient'] {
  if (press.deliveredAt === null) return press.recipient;
  const afterMs = press.pressedAt.getTime() - press.deliveredAt.getTime();
  return afterMs >= 0 && afterMs < SCANNER_MS ? 'scanner' : press.recipient;
}
