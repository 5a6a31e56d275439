import { entryHash } from './entry-hash.ts';
import type { LedgerDigests } from './entry-hash.ts';
import { parseBody } from './ledger-row.ts';
import type { LedgerRow } from './ledger-row.ts';

/**
 * Whether a row that fails its hash is sound at the place of another such row: moved with its own hash and link,
 * or only its content moved and hash and link stayed.
 */
export function isReordered(row: LedgerRow, suspects: readonly LedgerRow[], digests: LedgerDigests): boolean {
  const body = parseBody(row.body);
  if (body === null) return false;
  return suspects.some((other) => {
    if (other.seq === row.seq) return false;
    const movedWhole = entryHash({ ...row, body, seq: other.seq }, digests) === row.hash;
    const movedContent = { ...row, body, seq: other.seq, prevHash: other.prevHash };
    return movedWhole || entryHash(movedContent, digests) === other.hash;
  });
}
