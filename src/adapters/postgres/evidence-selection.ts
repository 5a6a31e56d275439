import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { LiveSelection } from '../../app/ports/evidence-store.ts';
import type { Evidence } from '../../domain/evidence/evidence.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, BatchId } from '../../domain/shared/ids.ts';

/** The condition on `evidence` that a selection of live rows of one batch comes to. No rows named: no rows. */
export function selectionFilter(batch: BatchId, selection: LiveSelection): RawBuilder<boolean> {
  const live = sql<boolean>`batch_no = ${numberOf(batch)} AND state = 'live'`;
  if (selection.kind === 'all') return live;
  return sql<boolean>`${live} AND evidence_no = ANY(${selection.evidenceNos}::bigint[])`;
}

export function groupByAccount(all: readonly Evidence[]): ReadonlyMap<AccountId, readonly Evidence[]> {
  const byAccount = new Map<AccountId, Evidence[]>();
  for (const one of all) {
    const same = byAccount.get(one.accountId);
    if (same === undefined) byAccount.set(one.accountId, [one]);
    else same.push(one);
  }
  return byAccount;
}
