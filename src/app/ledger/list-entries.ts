import { isLedgerEvent } from '../../domain/ledger/events.ts';
import { parseBody } from '../../domain/ledger/ledger-row.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Store, Tx } from '../ports/store.ts';
import { kindOf } from '../rollout/halt-rollout.ts';

/** One entry with all that its hash is of, so that its reader can compute the hash again. */
export interface ListedEntry {
  readonly chain: string;
  readonly seq: number;
  /** RFC 3339, UTC, with milliseconds: as it was hashed. */
  readonly at: string;
  readonly event: string;
  /** A personal value stands here as its salted digest, `{ $personal }`, never as itself. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly prevHash: string;
  readonly hash: string;
}

export interface EntryFilter {
  /** The installation's own chain, or that of one rollout. */
  readonly of: 'installation' | PlanId | RetractionId;
  readonly event: string | null;
  readonly beforeSeq: number | null;
  readonly limit: number;
}

/**
 * Entries of one ledger chain, newest first. `Failure('not-found')` for a rollout that was never started, `usage` for an
 * event that nothing is ever entered as, `ledger-broken` for an entry that cannot be read.
 */
export async function listEntries(
  { store }: { readonly store: Store },
  { of, event, beforeSeq, limit }: EntryFilter,
): Promise<readonly ListedEntry[]> {
  if (event !== null && !isLedgerEvent(event))
    throw new Failure('usage', `No ledger event is named "${event}". docs/reference/events.md has them all.`);
  return store.transact(async (tx) => {
    const rows = await tx.ledger.newestRows(await chainOf(tx, of), { event, beforeSeq, limit });
    return rows.map(({ chain, seq, at, event: name, body: text, prevHash, hash }): ListedEntry => {
      const body = parseBody(text);
      if (body !== null) return { chain, seq, at, event: name, body, prevHash, hash };
      throw new Failure(
        'ledger-broken',
        `Entry ${seq} of the ledger chain ${chain} cannot be read. Run: allclear ledger verify`,
        { chain, seq },
      );
    });
  });
}

async function chainOf(tx: Tx, of: EntryFilter['of']): Promise<string> {
  if (of === 'installation') return of;
  const rollout = await tx.rollouts.find(kindOf(of), numberOf(of));
  if (rollout !== null) return `rollout:${rollout.no}`;
  throw new Failure('not-found', `${of} has no ledger chain: it was never started.`, { subject: of });
}
