import { recoveryLimits } from './recovery-limits.ts';

export interface WaitingCode {
  readonly expiresAt: Date;
  readonly tries: number;
  /** How long its plan stood halted since it was asked for. */
  readonly haltedMs: number;
}

const hourMs = 3_600_000;

/** A time that ends, moved by the length of a halt. */
export function extendedBy(endsAt: Date, haltedMs: number): Date {
  return new Date(endsAt.getTime() + Math.min(haltedMs, recoveryLimits.mostHaltExtensionHours * hourMs));
}

/** Whether a code may still be tried. Decided when it is typed, by the database's clock. */
export function mayTry(code: WaitingCode, now: Date, isTripped: boolean): boolean {
  const tries = isTripped ? recoveryLimits.triesPerCodeAfterTrip : recoveryLimits.triesPerCode;
  return code.tries < tries && now < extendedBy(code.expiresAt, code.haltedMs);
}
