import { parseBody } from './ledger-row.ts';
import type { LedgerRow } from './ledger-row.ts';

/** Where a later word led one member, as its entry says; these are the body's own field names. */
export interface ResolvedMember {
  readonly track: string;
  readonly ordinal: number;
  /** The delivery word at the end of its moves. */
  readonly state: string;
}

const feedbackEvents: readonly string[] = [
  'notice.delivered',
  'notice.delayed',
  'notice.bounced',
  'notice.complained',
  'notice.auto-replied',
];

/** The move that an entry of a rollout chain records after settlement; null for any other entry, and for a word that moved nothing. */
export function readResolved(row: LedgerRow): ResolvedMember | null {
  if (!feedbackEvents.includes(row.event)) return null;
  const body = parseBody(row.body);
  const track = body?.['track'];
  const ordinal = body?.['ordinal'];
  const moves = body?.['moves'];
  const state: unknown = Array.isArray(moves) ? moves.at(-1) : undefined;
  return typeof track === 'string' && typeof ordinal === 'number' && typeof state === 'string'
    ? { track, ordinal, state }
    : null;
}
