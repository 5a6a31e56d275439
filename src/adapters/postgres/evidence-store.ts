import { sql } from 'kysely';
import type { EvidenceStore } from '../../app/ports/evidence-store.ts';
import type { EvidenceClass } from '../../domain/evidence/evidence.ts';
import { refusalReasons } from '../../domain/evidence/refusal.ts';
import type { EvidenceFact } from '../../domain/notice/person-facts.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, BatchId } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import { keepEvidenceCounts, readEvidenceCounts, sumOfSource } from './evidence-counts.ts';
import { batchQuery, evidenceQuery, toBatch, toEvidence, toFindingRow, toStoredFinding } from './evidence-rows.ts';
import { listSources } from './source-queries.ts';
import { groupByAccount, selectionFilter } from './evidence-selection.ts';

/** Batches looked at for one list: a list that was imported anew more often than this is somebody's test. */
const maxBatchesByHead = 20;
/** 15 columns each, and a statement takes 65,535 parameters. */
const rowsPerInsert = 1_000;
const maxPage = 10_000;

export function makeEvidenceStore(trx: DatabaseTx): EvidenceStore {
  const readBatch = async (batch: BatchId) => {
    const row = await batchQuery(trx).where('b.batch_no', '=', numberOf(batch)).executeTakeFirst();
    return row === undefined ? null : toBatch(row);
  };
  const setState = async (batch: BatchId, state: 'finished' | 'abandoned') => {
    await trx
      .updateTable('evidence_batch')
      .set({ state, finished_at: state === 'finished' ? sql<Date>`clock_timestamp()` : null })
      .where('batch_no', '=', numberOf(batch))
      .where('state', '=', 'importing')
      .executeTakeFirstOrThrow();
    await keepEvidenceCounts(trx, batch);
  };

  return {
    async ensureSource(name, authority) {
      const inserted = await trx
        .insertInto('source')
        .values({ name, authority })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('source_no')
        .executeTakeFirst();
      // Locked, so that two imports of one list meet in one batch and do not each begin their own.
      const row = await trx
        .selectFrom('source')
        .selectAll()
        .where('name', '=', name)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const source = { sourceNo: row.source_no, name, authority: row.authority, createdAt: row.created_at };
      return { source, made: inserted !== undefined };
    },

    tallySource: (sourceNo) => sumOfSource(trx, sourceNo),
    listSources: (limit, before) => listSources(trx, limit, before),

    async batchesByHead(sourceNo, listClass, headDigest) {
      const rows = await batchQuery(trx)
        .where('b.source_no', '=', sourceNo)
        .where('b.class', '=', listClass)
        .where('b.head_digest', '=', headDigest)
        .orderBy('b.batch_no', 'desc')
        .limit(maxBatchesByHead)
        .execute();
      return rows.map(toBatch);
    },

    async listBatches(limit, before) {
      const rows = await batchQuery(trx)
        .$if(before !== null, (query) => query.where('b.batch_no', '<', before === null ? 0 : numberOf(before)))
        .orderBy('b.batch_no', 'desc')
        .limit(Math.min(limit, maxPage))
        .execute();
      return rows.map(toBatch);
    },

    async beginBatch(batch) {
      const row = await trx
        .insertInto('evidence_batch')
        .values({
          source_no: batch.sourceNo,
          class: batch.class,
          directory: batch.directory,
          file_name: batch.fileName,
          imported_by: numberOf(batch.importedBy),
          reported_by: batch.reportedBy,
          head_digest: batch.headDigest,
        })
        .returning('batch_no')
        .executeTakeFirstOrThrow();
      return `batch_${row.batch_no}`;
    },

    readBatch,

    async lockBatch(batch) {
      await trx
        .selectFrom('evidence_batch')
        .select('batch_no')
        .where('batch_no', '=', numberOf(batch))
        .forUpdate()
        .execute();
      return readBatch(batch);
    },

    async advanceBatch(batch, { mark, accepted, linesMet, candidates, refused }) {
      const before = await readBatch(batch);
      const sum: Record<string, number> = {};
      for (const reason of refusalReasons) {
        const count = (before?.refused[reason] ?? 0) + (refused[reason] ?? 0);
        if (count > 0) sum[reason] = count;
      }
      await trx
        .updateTable('evidence_batch')
        .set((eb) => ({
          lines_done: mark.lines,
          bytes_done: mark.bytes,
          prefix_digest: mark.prefixDigest,
          accepted: eb('accepted', '+', accepted),
          lines_met: eb('lines_met', '+', linesMet),
          candidates: eb('candidates', '+', candidates),
          refused: JSON.stringify(sum),
        }))
        .where('batch_no', '=', numberOf(batch))
        .where('state', '=', 'importing')
        .executeTakeFirstOrThrow();
    },

    finishBatch: (batch) => setState(batch, 'finished'),
    abandonBatch: (batch) => setState(batch, 'abandoned'),

    async tallyBatch(batch) {
      const { accounts, classes } = await readEvidenceCounts(trx, batch);
      return { accounts, classes };
    },

    async findingsOf(batch, accounts) {
      const rows = await trx
        .selectFrom('evidence')
        .selectAll()
        .where('batch_no', '=', numberOf(batch))
        .where('account_id', '=', sql<string>`ANY(${accounts})`)
        .execute();
      return rows.map(toStoredFinding);
    },

    async writeFindings(batch, findings) {
      for (let at = 0; at < findings.length; at += rowsPerInsert) {
        const rows = findings.slice(at, at + rowsPerInsert).map((finding) => toFindingRow(batch, finding));
        await trx
          .insertInto('evidence')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['batch_no', 'account_id', 'event_id']).doUpdateSet((eb) => ({
              class: eb.ref('excluded.class'),
              against: eb.ref('excluded.against'),
              hash_digest: eb.ref('excluded.hash_digest'),
              remark: eb.ref('excluded.remark'),
              sealed_lines: eb.ref('excluded.sealed_lines'),
              lines_total: eb.ref('excluded.lines_total'),
              names_mailbox: eb.ref('excluded.names_mailbox'),
            })),
          )
          .execute();
      }
    },

    async pageOfBatch(batch, { classes, states, after, limit }) {
      let query = evidenceQuery(trx)
        .where('e.batch_no', '=', numberOf(batch))
        .where('e.class', '=', sql<EvidenceClass>`ANY(${classes})`)
        .where('e.state', '=', sql<'live' | 'withdrawn'>`ANY(${states})`);
      if (after !== null) {
        query = query.where(sql<boolean>`(e.account_id, e.evidence_no) > (${after.accountId}, ${after.evidenceNo})`);
      }
      const rows = await query
        .orderBy('e.account_id')
        .orderBy('e.evidence_no')
        .limit(Math.min(limit, maxPage))
        .execute();
      return rows.map(toEvidence);
    },

    async liveEvidence(accounts) {
      const rows = await evidenceQuery(trx)
        .where('e.account_id', '=', sql<string>`ANY(${accounts})`)
        .where('e.state', '=', 'live')
        .orderBy('e.evidence_no')
        .execute();
      return groupByAccount(rows.map(toEvidence));
    },

    async evidenceFacts(accounts) {
      const rows = await trx
        .selectFrom('evidence')
        .select(['account_id', 'class', 'state', 'event_at', 'recorded_at'])
        .where('account_id', '=', sql<string>`ANY(${accounts})`)
        .orderBy('evidence_no')
        .execute();
      const facts = new Map<AccountId, EvidenceFact[]>();
      for (const { account_id, class: evidenceClass, state, event_at, recorded_at } of rows) {
        const id = accountId(account_id);
        const fact = { accountId: id, evidenceClass, state, at: event_at ?? recorded_at };
        const known = facts.get(id);
        if (known === undefined) facts.set(id, [fact]);
        else known.push(fact);
      }
      return facts;
    },

    async allEvidence(accounts) {
      const rows = await evidenceQuery(trx)
        .where('e.account_id', '=', sql<string>`ANY(${accounts})`)
        .orderBy('e.evidence_no')
        .execute();
      return groupByAccount(rows.map(toEvidence));
    },

    async sealedLinesOf(batch, afterEvidenceNo, limit) {
      const rows = await trx
        .selectFrom('evidence')
        .select(['evidence_no', 'sealed_lines', 'lines_total'])
        .where('batch_no', '=', numberOf(batch))
        .where('state', '=', 'live')
        .where('sealed_lines', 'is not', null)
        .where('evidence_no', '>', afterEvidenceNo)
        .orderBy('evidence_no')
        .limit(Math.min(limit, maxPage))
        .$narrowType<{ sealed_lines: Uint8Array }>()
        .execute();
      return rows.map((row) => ({
        evidenceNo: row.evidence_no,
        sealedLines: row.sealed_lines,
        linesTotal: row.lines_total,
      }));
    },

    async liveOfAccounts(batch, accounts) {
      const rows = await evidenceQuery(trx)
        .where('e.batch_no', '=', numberOf(batch))
        .where('e.account_id', '=', sql<string>`ANY(${accounts})`)
        .where('e.state', '=', 'live')
        .execute();
      return rows.map(toEvidence);
    },

    async tallySelection(batch, selection) {
      const chosen = selectionFilter(batch, selection);
      const { rows: classes } = await sql<{ class: EvidenceClass; evidence: number }>`
        SELECT class, count(*) AS evidence FROM evidence WHERE ${chosen} GROUP BY class`.execute(trx);
      const { rows: held } = await sql<{ accounts: number; held: number }>`
        WITH chosen AS MATERIALIZED (SELECT evidence_no, account_id FROM evidence WHERE ${chosen})
        SELECT count(DISTINCT account_id) AS accounts,
          (SELECT count(DISTINCT other.account_id) FROM evidence other
             JOIN (SELECT DISTINCT account_id FROM chosen) c ON c.account_id = other.account_id
             WHERE other.state = 'live'
               AND NOT EXISTS (SELECT 1 FROM chosen same WHERE same.evidence_no = other.evidence_no)) AS held
        FROM chosen`.execute(trx);
      const byClass = { verified: 0, observed: 0, reported: 0, weak: 0 };
      for (const one of classes) byClass[one.class] = one.evidence;
      return { byClass, accounts: held[0]?.accounts ?? 0, heldByOther: held[0]?.held ?? 0 };
    },

    async withdraw({ batch, cause, by, selection: how }, selection) {
      const { withdrawal_no: no } = await trx
        .insertInto('withdrawal')
        .values({ batch_no: numberOf(batch), cause, withdrawn_by: numberOf(by), selection: how })
        .returning('withdrawal_no')
        .executeTakeFirstOrThrow();
      const updated = await sql`
        UPDATE evidence SET state = 'withdrawn', cause = ${cause}, withdrawal_no = ${no}
        WHERE ${selectionFilter(batch, selection)}`.execute(trx);
      await keepEvidenceCounts(trx, batch);
      return Number(updated.numAffectedRows ?? 0n);
    },
  };
}
