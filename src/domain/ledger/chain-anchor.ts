import { parseBody } from './ledger-row.ts';
import type { ChainHead, LedgerRow } from './ledger-row.ts';

/** The head that a `ledger.anchored` entry records; null for any other entry. */
export function readAnchor(row: LedgerRow): ChainHead | null {
  if (row.event !== 'ledger.anchored') return null;
  const body = parseBody(row.body);
  const chain = body?.['chain'];
  const seq = body?.['seq'];
  const hash = body?.['hash'];
  return typeof chain === 'string' && typeof seq === 'number' && typeof hash === 'string' ? { chain, seq, hash } : null;
}
