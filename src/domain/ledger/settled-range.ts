import { parseBody } from './ledger-row.ts';
import type { LedgerRow } from './ledger-row.ts';

/** What a `permit.settled` or `permit.recovered` entry says of its range; these are the body's own field names. */
export interface SettledRange {
  readonly track: string;
  /** First ordinal of the range. */
  readonly from: number;
  readonly attempt: number;
  /** SHA-256 of the range's outcome vector, hex. */
  readonly outcomes: string;
}

/** The range that an entry of a rollout chain settles; null for any other entry. */
export function readSettledRange(row: LedgerRow): SettledRange | null {
  if (row.event !== 'permit.settled' && row.event !== 'permit.recovered') return null;
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

/** The range that a `permit.taken` entry takes again: until it is settled anew, its outcomes are in motion. */
export function readTakenRange(row: LedgerRow): { readonly track: string; readonly from: number } | null {
  if (row.event !== 'permit.taken') return null;
  const body = parseBody(row.body);
  const track = body?.['track'];
  const from = body?.['from'];
  return typeof track === 'string' && typeof from === 'number' ? { track, from } : null;
}

/** The number in `rollout:<number>`, null for the installation chain. */
export function rolloutNoOf(chain: string): number | null {
  const digits = /^rollout:([1-9][0-9]{0,15})$/.exec(chain)?.[1];
  return digits === undefined ? null : Number(digits);
}
