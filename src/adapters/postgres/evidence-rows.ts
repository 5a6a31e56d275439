import type { Insertable, Selectable } from 'kysely';
import type { EvidenceBatch, StoredFinding } from '../../app/ports/evidence-store.ts';
import type { Evidence } from '../../domain/evidence/evidence.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { BatchId, Digest } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { EvidenceTables } from './tables/evidence.ts';

export function batchQuery(trx: DatabaseTx) {
  return trx
    .selectFrom('evidence_batch as b')
    .innerJoin('source as s', 's.source_no', 'b.source_no')
    .selectAll('b')
    .select(['s.name as source_name', 's.authority', 's.created_at as source_created_at']);
}

type BatchRow = Awaited<ReturnType<ReturnType<typeof batchQuery>['executeTakeFirstOrThrow']>>;

export function toBatch(row: BatchRow): EvidenceBatch {
  return {
    batch: `batch_${row.batch_no}`,
    source: {
      sourceNo: row.source_no,
      name: row.source_name,
      authority: row.authority,
      createdAt: row.source_created_at,
    },
    class: row.class,
    state: row.state,
    directory: row.directory,
    fileName: row.file_name,
    importedBy: `operator_${row.imported_by}`,
    reportedBy: row.reported_by,
    mark: { lines: row.lines_done, bytes: row.bytes_done, prefixDigest: row.prefix_digest as Digest },
    accepted: row.accepted,
    linesMet: row.lines_met,
    candidates: row.candidates,
    refused: row.refused,
    begunAt: row.begun_at,
    finishedAt: row.finished_at,
  };
}

export function evidenceQuery(trx: DatabaseTx) {
  return trx
    .selectFrom('evidence as e')
    .innerJoin('evidence_batch as b', 'b.batch_no', 'e.batch_no')
    .innerJoin('source as s', 's.source_no', 'b.source_no')
    .leftJoin('withdrawal as w', 'w.withdrawal_no', 'e.withdrawal_no')
    .select([
      'e.evidence_no',
      'e.batch_no',
      'e.account_id',
      'e.event_id',
      'e.class',
      'e.state',
      'e.cause',
      'e.against',
      'e.hash_digest',
      'e.remark',
      'e.event_at',
      'e.rule',
      'e.reason',
      'e.names_mailbox',
      'e.recorded_at',
      's.name as source_name',
      's.authority',
      'w.withdrawn_at',
    ]);
}

type EvidenceRow = Awaited<ReturnType<ReturnType<typeof evidenceQuery>['executeTakeFirstOrThrow']>>;

export function toEvidence(row: EvidenceRow): Evidence {
  return {
    evidenceNo: row.evidence_no,
    batch: `batch_${row.batch_no}`,
    source: row.source_name,
    authority: row.authority,
    accountId: accountId(row.account_id),
    class: row.class,
    state: row.state,
    cause: row.cause,
    withdrawnAt: row.withdrawn_at,
    against: row.against,
    hashDigest: row.hash_digest as Digest | null,
    remark: row.remark,
    eventId: row.event_id === '' ? null : row.event_id,
    eventAt: row.event_at,
    rule: row.rule,
    reason: row.reason,
    namesMailbox: row.names_mailbox,
    recordedAt: row.recorded_at,
  };
}

export function toStoredFinding(row: Selectable<EvidenceTables['evidence']>): StoredFinding {
  return {
    accountId: accountId(row.account_id),
    class: row.class,
    against: row.against,
    hashDigest: row.hash_digest as Digest | null,
    remark: row.remark,
    sealedLines: row.sealed_lines,
    linesTotal: row.lines_total,
    eventId: row.event_id,
    eventAt: row.event_at,
    rule: row.rule,
    reason: row.reason,
    namesMailbox: row.names_mailbox,
  };
}

export function toFindingRow(batch: BatchId, finding: StoredFinding): Insertable<EvidenceTables['evidence']> {
  return {
    batch_no: numberOf(batch),
    account_id: finding.accountId,
    event_id: finding.eventId,
    class: finding.class,
    against: finding.against,
    hash_digest: finding.hashDigest,
    remark: finding.remark,
    sealed_lines: finding.sealedLines,
    lines_total: finding.linesTotal,
    event_at: finding.eventAt,
    rule: finding.rule,
    reason: finding.reason,
    names_mailbox: finding.namesMailbox,
  };
}
