import { parseBody } from './ledger-row.ts';
import type { LedgerRow } from './ledger-row.ts';

/** The personal value that a `personal.erased` entry names; null for any other entry. */
export function readErasure(row: LedgerRow): { chain: string; seq: number; field: string } | null {
  if (row.event !== 'personal.erased') return null;
  const body = parseBody(row.body);
  const chain = body?.['chain'];
  const seq = body?.['seq'];
  const field = body?.['field'];
  return typeof chain === 'string' && typeof seq === 'number' && typeof field === 'string'
    ? { chain, seq, field }
    : null;
}
