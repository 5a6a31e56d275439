import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import type { RetractionStore, TargetHistory } from '../../app/ports/retraction-store.ts';
import type { RetractionDecision, RetractionReason } from '../../domain/retraction/decide-retraction.ts';
import type {
  FrozenRetraction,
  RetractionHeader,
  RetractionTargetLine,
} from '../../domain/retraction/frozen-retraction.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, Digest, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Database, DatabaseTx } from './database.ts';

const largestPage = 5_000;

export function makeRetractionStore(trx: DatabaseTx): RetractionStore {
  return {
    async begin(draft) {
      const row = await trx
        .insertInto('retraction')
        .values({ plan_no: numberOf(draft.plan), author_no: draft.authorNo, code_version: draft.codeVersion })
        .returning('no')
        .executeTakeFirstOrThrow();
      return `retraction_${row.no}`;
    },

    async addTargets(retraction, targets) {
      if (targets.length === 0) return;
      const rows = JSON.stringify(
        targets.map((target) => ({
          retraction_no: numberOf(retraction),
          ordinal: target.ordinal,
          account_id: target.accountId,
          plan_ordinal: target.planOrdinal,
          decision: target.decision,
          reason: target.reason,
          letter: target.letter,
          conditional: target.conditional,
          restore_ordinal: target.restoreOrdinal,
          correct_ordinal: target.correctOrdinal,
        })),
      );
      await sql`
        INSERT INTO retraction_target
        SELECT * FROM jsonb_populate_recordset(NULL::retraction_target, ${rows}::jsonb)`.execute(trx);
    },

    async freeze(retraction, header, digest, affected) {
      await trx
        .updateTable('retraction')
        .set({ header, digest, affected })
        .where('no', '=', numberOf(retraction))
        .where('digest', 'is', null)
        .executeTakeFirstOrThrow();
    },

    async read(retraction) {
      const row = await trx
        .selectFrom('retraction')
        .selectAll()
        .where('no', '=', numberOf(retraction))
        .executeTakeFirst();
      return row === undefined ? null : toRetraction(row);
    },

    async ofPlan(plan) {
      const rows = await trx
        .selectFrom('retraction')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('digest', 'is not', null)
        .orderBy('no', 'desc')
        .execute();
      return rows.map(toRetraction).filter((one) => one !== null);
    },

    async histories(plan, from, limit) {
      const { rows } = await sql<HistoryRow>`
        ${historyOfPlan(plan)} AND t.ordinal >= ${from} ORDER BY t.ordinal LIMIT ${Math.min(limit, largestPage)}`.execute(
        trx,
      );
      return rows.map(toHistory);
    },

    async historiesOf(plan, accounts) {
      const { rows } = await sql<HistoryRow>`
        ${historyOfPlan(plan)} AND t.account_id = ANY(${[...accounts]}::text[]) ORDER BY t.ordinal`.execute(trx);
      return rows.map(toHistory);
    },

    async toldLate(plan, accounts) {
      const { rows } = await sql<{ account_id: AccountId }>`
        SELECT DISTINCT account_id FROM letter
        WHERE plan_no = ${numberOf(plan)} AND account_id = ANY(${[...accounts]}::text[]) AND template_kind = 'late'`.execute(
        trx,
      );
      return new Set(rows.map((row) => row.account_id));
    },

    async targets(retraction, from, limit) {
      const rows = await trx
        .selectFrom('retraction_target')
        .selectAll()
        .where('retraction_no', '=', numberOf(retraction))
        .where('ordinal', '>=', from)
        .orderBy('ordinal')
        .limit(Math.min(limit, largestPage))
        .execute();
      return rows.map(toTarget);
    },

    async outcomes(retraction, from, limit) {
      const { rows } = await sql<Selectable<Database['retraction_target']> & OutcomeBytes>`
        SELECT t.*, ${outcomeAt('restore', sql`t.restore_ordinal`)} AS restore_byte,
          ${outcomeAt('correct', sql`t.correct_ordinal`)} AS correct_byte
        FROM retraction_target t
        LEFT JOIN rollout r ON r.kind = 'retraction' AND r.subject_no = t.retraction_no
        WHERE t.retraction_no = ${numberOf(retraction)} AND t.ordinal >= ${from}
        ORDER BY t.ordinal LIMIT ${Math.min(limit, largestPage)}`.execute(trx);
      return rows.map((row) => ({
        ...toTarget(row),
        restoreByte: row.restore_byte,
        correctByte: row.correct_byte,
      }));
    },

    async targetsByRestoreOrdinal(retraction, from, limit) {
      const rows = await trx
        .selectFrom('retraction_target')
        .selectAll()
        .where('retraction_no', '=', numberOf(retraction))
        .where('restore_ordinal', '>=', from)
        .where('restore_ordinal', '<', from + Math.min(limit, largestPage))
        .orderBy('restore_ordinal')
        .execute();
      return rows.map(toTarget);
    },

    async targetsOf(plan, account) {
      const rows = await trx
        .selectFrom('retraction_target')
        .innerJoin('retraction', 'retraction.no', 'retraction_target.retraction_no')
        .selectAll('retraction_target')
        .where('retraction.plan_no', '=', numberOf(plan))
        .where('retraction.digest', 'is not', null)
        .where('account_id', '=', account)
        .orderBy('retraction_no')
        .execute();
      return rows.map((row) => ({ ...toTarget(row), retraction: `retraction_${row.retraction_no}` as RetractionId }));
    },
  };
}

function historyOfPlan(plan: PlanId): RawBuilder<unknown> {
  return sql`
    SELECT t.ordinal, t.account_id, t.effect, t.tell_ordinal IS NOT NULL AS is_told,
      ${outcomeAt('contain', sql`t.contain_ordinal`)} AS contain_byte,
      ${outcomeAt('tell', sql`t.tell_ordinal`)} AS tell_byte,
      ${letterOutcome('late')} AS late_byte,
      ${letterOutcome('holding')} AS holding_byte,
      coalesce(
        (SELECT rp.contained_at FROM restore_point rp
          WHERE rp.plan_no = t.plan_no AND rp.account_id = t.account_id LIMIT 1),
        (SELECT su.suspended_at FROM suspension su
          WHERE su.plan_no = t.plan_no AND su.account_id = t.account_id LIMIT 1)) AS contained_at,
      (SELECT p.settled_at FROM permit p WHERE p.rollout_no = r.no AND p.track = 'tell' AND p.from_ordinal <= t.tell_ordinal
        ORDER BY p.from_ordinal DESC LIMIT 1) AS told_at,
      EXISTS (SELECT FROM restore_point rp
        WHERE rp.plan_no = t.plan_no AND rp.account_id = t.account_id AND rp.state IN ('sealed', 'open'))
        OR EXISTS (SELECT FROM suspension su
          WHERE su.plan_no = t.plan_no AND su.account_id = t.account_id AND su.state IN ('marked', 'open')) AS is_sealed,
      EXISTS (SELECT FROM restore_point rp
        WHERE rp.plan_no = t.plan_no AND rp.account_id = t.account_id AND rp.state = 'restored')
        OR EXISTS (SELECT FROM suspension su
          WHERE su.plan_no = t.plan_no AND su.account_id = t.account_id AND su.state = 'reinstated') AS restored_before,
      ARRAY(SELECT l.template_kind FROM letter l
        WHERE l.plan_no = t.plan_no AND l.account_id = t.account_id) AS letters
    FROM plan_target t
    LEFT JOIN rollout r ON r.kind = 'plan' AND r.subject_no = t.plan_no
    WHERE t.plan_no = ${numberOf(plan)}`;
}

/** The outcome byte of the rollout `r` at an ordinal, with what was said of it later: the range that begins at or before it, by primary key. */
function outcomeAt(
  track: 'contain' | 'tell' | 'restore' | 'correct',
  ordinal: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`(SELECT CASE WHEN ${ordinal} < p.from_ordinal + p.size
      THEN resolved_byte(p.rollout_no, p.track, ${ordinal}, get_byte(p.outcome, ${ordinal} - p.from_ordinal)) END
    FROM permit p WHERE p.rollout_no = r.no AND p.track = ${track} AND p.from_ordinal <= ${ordinal}
    ORDER BY p.from_ordinal DESC LIMIT 1)`;
}

function letterOutcome(track: 'late' | 'holding'): RawBuilder<unknown> {
  return sql`(SELECT resolved_byte(p.rollout_no, p.track, l.ordinal, get_byte(p.outcome, l.ordinal - p.from_ordinal)) FROM letter l
    JOIN permit p ON p.rollout_no = l.rollout_no AND p.track = l.track
      AND l.ordinal >= p.from_ordinal AND l.ordinal < p.from_ordinal + p.size
    WHERE l.plan_no = t.plan_no AND l.account_id = t.account_id AND l.track = ${track} LIMIT 1)`;
}

interface OutcomeBytes {
  readonly restore_byte: number | null;
  readonly correct_byte: number | null;
}

interface HistoryRow {
  readonly ordinal: number;
  readonly account_id: string;
  readonly effect: TargetHistory['effect'];
  readonly is_told: boolean;
  readonly contain_byte: number | null;
  readonly tell_byte: number | null;
  readonly late_byte: number | null;
  readonly holding_byte: number | null;
  readonly contained_at: Date | null;
  readonly told_at: Date | null;
  readonly is_sealed: boolean;
  readonly restored_before: boolean;
  readonly letters: readonly string[];
}

function toHistory(row: HistoryRow): TargetHistory {
  return {
    ordinal: row.ordinal,
    accountId: accountId(row.account_id),
    effect: row.effect,
    isTold: row.is_told,
    containByte: row.contain_byte,
    tellByte: row.tell_byte,
    lateByte: row.late_byte,
    holdingByte: row.holding_byte,
    containedAt: row.contained_at,
    toldAt: row.told_at,
    isSealed: row.is_sealed,
    restoredBefore: row.restored_before,
    letters: row.letters,
  };
}

function toRetraction(row: Selectable<Database['retraction']>): FrozenRetraction | null {
  if (row.header === null || row.digest === null || row.affected === null) return null;
  return {
    id: `retraction_${row.no}`,
    plan: `plan_${row.plan_no}`,
    digest: row.digest as Digest,
    affected: row.affected,
    header: JSON.parse(row.header) as RetractionHeader,
    authorNo: row.author_no,
  };
}

function toTarget(row: Selectable<Database['retraction_target']>): RetractionTargetLine {
  return {
    ordinal: row.ordinal,
    accountId: row.account_id,
    planOrdinal: row.plan_ordinal,
    decision: row.decision as RetractionDecision,
    reason: row.reason as RetractionReason,
    letter: row.letter,
    conditional: row.conditional,
    restoreOrdinal: row.restore_ordinal,
    correctOrdinal: row.correct_ordinal,
  };
}
