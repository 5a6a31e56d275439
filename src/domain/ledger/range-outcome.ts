import { parseBody } from './ledger-row.ts';
import type { LedgerRow } from './ledger-row.ts';

/** What the entries of a permit, taken or not yet, say of its range; these are the body's own field names. */
export interface RangeOutcome {
  readonly track: string;
  /** First ordinal of the range. */
  readonly from: number;
  readonly attempt: number;
  /** SHA-256 of the range's outcome vector as this entry's transaction left it, hex. */
  readonly outcomes: string;
}

const permitEvents: readonly string[] = ['permit.taken', 'permit.settled', 'permit.recovered', 'permit.held'];

/** The range that an entry of a rollout chain speaks of; null for any other entry. */
export function readRangeOutcome(row: LedgerRow): RangeOutcome | null {
  if (!permitEvents.includes(row.event)) return null;
  const body = parseBody(row.body);
  const track = body?.['track'];
  const from = body?.['from'];
  const attempt = body?.['attempt'];
  const outcomes = body?.['outcomes'];
  const whole =
    typeof track === 'string' &&
    typeof from === 'number' &&
    typeof attempt === 'number' &&
    typeof outcomes === 'string';
  return whole ? { track, from, attempt, outcomes } : null;
}
