import { sql } from 'kysely';
import type { BatchTally, SourceTally } from '../../app/ports/evidence-store.ts';
import type { BatchId } from '../../domain/shared/ids.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

interface EvidenceCounts extends BatchTally {
  readonly live: number;
  readonly withdrawn: number;
}

const columns = sql`accounts, live, withdrawn, classes`;
/** Kept counts are read only while no withdrawal is missing from them. */
const isWhole = sql`k.after_withdrawal = (SELECT coalesce(max(w.withdrawal_no), 0) FROM withdrawal w WHERE w.batch_no = k.batch_no)`;

/**
 * Counts a batch whose import ended, in the transaction that ended it or took evidence back. Whoever calls holds the
 * batch's lock, so that no two are counted past each other.
 */
export async function keepEvidenceCounts(trx: DatabaseTx, batch: BatchId): Promise<void> {
  const no = numberOf(batch);
  await sql`
    INSERT INTO evidence_count SELECT batch_no, c.* FROM evidence_batch, count_evidence(${no}) c
    WHERE batch_no = ${no} AND state <> 'importing'
    ON CONFLICT (batch_no) DO UPDATE SET after_withdrawal = excluded.after_withdrawal, accounts = excluded.accounts,
      live = excluded.live, withdrawn = excluded.withdrawn, classes = excluded.classes`.execute(trx);
}

/** As they were kept; of a batch that is still being imported they are counted now. */
export async function readEvidenceCounts(trx: DatabaseTx, batch: BatchId): Promise<EvidenceCounts> {
  const no = numberOf(batch);
  const kept = await sql<EvidenceCounts>`
    SELECT ${columns} FROM evidence_count k WHERE batch_no = ${no} AND ${isWhole}`.execute(trx);
  const [counts] = kept.rows.length > 0 ? kept.rows : await countNow(trx, no);
  return counts ?? { accounts: 0, live: 0, withdrawn: 0, classes: [] };
}

async function countNow(trx: DatabaseTx, batchNo: number): Promise<readonly EvidenceCounts[]> {
  return (await sql<EvidenceCounts>`SELECT ${columns} FROM count_evidence(${batchNo})`.execute(trx)).rows;
}

export async function sumOfSource(trx: DatabaseTx, sourceNo: number): Promise<SourceTally> {
  const { rows } = await sql<{ no: number; live: number | null; withdrawn: number | null }>`
    SELECT b.batch_no AS no, k.live, k.withdrawn FROM evidence_batch b
    LEFT JOIN evidence_count k ON k.batch_no = b.batch_no AND ${isWhole}
    WHERE b.source_no = ${sourceNo}`.execute(trx);
  let live = 0;
  let withdrawn = 0;
  for (const row of rows) {
    const counts =
      row.live === null || row.withdrawn === null
        ? await readEvidenceCounts(trx, `batch_${row.no}`)
        : { live: row.live, withdrawn: row.withdrawn };
    live += counts.live;
    withdrawn += counts.withdrawn;
  }
  return { batches: rows.length, live, withdrawn };
}
