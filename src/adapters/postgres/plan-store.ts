import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { PlanStore, StoredTarget } from '../../app/ports/plan-store.ts';
import type { FrozenPlan, PlanAction, PlanHeader } from '../../domain/plan/frozen-plan.ts';
import type { Effect, Lane } from '../../domain/plan/place-account.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanDigest, PlanId } from '../../domain/shared/ids.ts';
import type { Database, DatabaseTx } from './database.ts';
import { keepPlanCounts, readPlanCounts } from './plan-counts.ts';

/** Pages of export and digest reading: bounded memory however large the plan is. */
const largestPage = 5_000;

export function makePlanStore(trx: DatabaseTx): PlanStore {
  const planId = (no: number): PlanId => `plan_${no}`;
  /** Nothing changes a frozen plan, and a permit's transaction asks for the same one five times. Gone with the transaction. */
  const frozen = new Map<PlanId, FrozenPlan>();
  return {
    async begin(draft) {
      const row = await trx
        .insertInto('plan')
        .values({
          directory: draft.directory,
          action: draft.action,
          author_no: draft.authorNo,
          code_version: draft.codeVersion,
          address_salt: draft.addressSalt,
        })
        .returning('no')
        .executeTakeFirstOrThrow();
      return planId(row.no);
    },

    async addDraftTargets(plan, targets) {
      if (targets.length === 0) return;
      const rows = JSON.stringify(
        targets.map((target) => ({
          plan_no: numberOf(plan),
          sort_key: target.sortKey,
          account_id: target.accountId,
          lane: target.lane,
          effect: target.effect,
          tell: target.tell,
          address: target.address,
          address_digest: target.addressDigest,
          language: target.language,
          time_zone: target.timeZone,
          credential_digest: target.credentialDigest,
          evidence_nos: target.evidenceNos,
          reason: target.reason,
          notice_number: target.noticeNumber,
        })),
      );
      await sql`INSERT INTO plan_draft_row SELECT * FROM json_populate_recordset(NULL::plan_draft_row, ${rows}::json) ON CONFLICT DO NOTHING`.execute(
        trx,
      );
    },

    async addExclusions(plan, exclusions) {
      if (exclusions.length === 0) return;
      const rows = JSON.stringify(
        exclusions.map((one) => ({ plan_no: numberOf(plan), account_id: one.accountId, reason: one.reason })),
      );
      await sql`INSERT INTO plan_exclusion SELECT * FROM json_populate_recordset(NULL::plan_exclusion, ${rows}::json) ON CONFLICT DO NOTHING`.execute(
        trx,
      );
    },

    async countDraftTold(plan) {
      const { rows } = await sql<{ told: number }>`
        SELECT count(*) AS told FROM plan_draft_row WHERE plan_no = ${numberOf(plan)} AND tell`.execute(trx);
      return rows[0]?.told ?? 0;
    },

    async orderTargets(plan, zones) {
      const no = numberOf(plan);
      // The keyed order says who is in which wave. A wave that waits for hours goes zone by zone inside.
      const tellEnds = [...(zones?.tellEnds ?? [])];
      const zonedFrom = zones?.fromOrdinal ?? null;
      await sql`
        INSERT INTO plan_target (plan_no, ordinal, account_id, lane, effect, contain_ordinal, tell_ordinal, address,
          address_digest, language, time_zone, credential_digest, evidence_nos, reason, notice_number)
        SELECT plan_no, place, account_id, lane, effect, place,
          CASE WHEN tell THEN row_number() OVER (PARTITION BY tell ORDER BY
            CASE WHEN told_place >= ${zonedFrom}::int THEN width_bucket(told_place, ${tellEnds}::int[]) ELSE -1 END,
            CASE WHEN told_place >= ${zonedFrom}::int THEN coalesce(time_zone, ${zones?.defaultZone ?? ''}::text) COLLATE "C" ELSE '' END,
            told_place) - 1 END,
          address, address_digest, language, time_zone, credential_digest, evidence_nos, reason, notice_number
        FROM (SELECT *, (count(*) FILTER (WHERE tell) OVER (ORDER BY place) - 1)::int AS told_place
              FROM (SELECT *, row_number() OVER (ORDER BY sort_key, account_id) - 1 AS place
                    FROM plan_draft_row WHERE plan_no = ${no}) placed) ordered`.execute(trx);
      await trx.deleteFrom('plan_draft_row').where('plan_no', '=', no).execute();
      const { rows } = await sql<{ total: number; told: number }>`
        SELECT count(*) AS total, count(tell_ordinal) AS told FROM plan_target WHERE plan_no = ${no}`.execute(trx);
      return rows[0] ?? { total: 0, told: 0 };
    },

    async freeze(plan, header, digest, total) {
      await trx
        .updateTable('plan')
        .set({ header, digest, total })
        .where('no', '=', numberOf(plan))
        .where('digest', 'is', null)
        .executeTakeFirstOrThrow();
      await keepPlanCounts(trx, plan);
    },

    async discard(plan) {
      const no = numberOf(plan);
      await trx.deleteFrom('plan_draft_row').where('plan_no', '=', no).execute();
      await trx.deleteFrom('plan_exclusion').where('plan_no', '=', no).execute();
      await trx.deleteFrom('plan_control').where('plan_no', '=', no).execute();
      await trx.deleteFrom('plan').where('no', '=', no).where('digest', 'is', null).execute();
    },

    async read(plan) {
      const known = frozen.get(plan);
      if (known !== undefined) return known;
      const row = await trx.selectFrom('plan').selectAll().where('no', '=', numberOf(plan)).executeTakeFirst();
      if (row === undefined || row.header === null || row.digest === null || row.total === null) return null;
      const read: FrozenPlan = {
        id: plan,
        digest: row.digest as PlanDigest,
        total: row.total,
        header: JSON.parse(row.header) as PlanHeader,
        authorNo: row.author_no,
      };
      frozen.set(plan, read);
      return read;
    },

    async list(limit, before = null) {
      const rows = await trx
        .selectFrom('plan')
        .select(['no', 'digest', 'total', 'action', 'directory', 'created_at'])
        .where('digest', 'is not', null)
        .$if(before !== null, (query) => query.where('no', '<', before === null ? 0 : numberOf(before)))
        .orderBy('no', 'desc')
        .limit(Math.min(limit, largestPage))
        .execute();
      return rows.map((row) => ({
        id: planId(row.no),
        digest: row.digest as PlanDigest,
        total: row.total ?? 0,
        action: row.action as PlanAction,
        directory: row.directory,
        createdAt: row.created_at,
      }));
    },

    async addressSalt(plan) {
      const row = await trx
        .selectFrom('plan')
        .select('address_salt')
        .where('no', '=', numberOf(plan))
        .executeTakeFirstOrThrow();
      return row.address_salt;
    },

    async targets(plan, from, limit) {
      const rows = await trx
        .selectFrom('plan_target')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('ordinal', '>=', from)
        .orderBy('ordinal')
        .limit(Math.min(limit, largestPage))
        .execute();
      return rows.map(toTarget);
    },

    async targetsByContainOrdinal(plan, from, limit) {
      const rows = await trx
        .selectFrom('plan_target')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('contain_ordinal', '>=', from)
        .where('contain_ordinal', '<', from + Math.min(limit, largestPage))
        .orderBy('contain_ordinal')
        .execute();
      return rows.map(toTarget);
    },

    async targetsAt(plan, ordinals) {
      const rows = await trx
        .selectFrom('plan_target')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('ordinal', '=', sql<number>`ANY(${[...ordinals]}::int[])`)
        .orderBy('ordinal')
        .limit(largestPage)
        .execute();
      return rows.map(toTarget);
    },

    async targetsOf(plan, accounts) {
      if (accounts.length === 0) return [];
      const rows = await trx
        .selectFrom('plan_target')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('account_id', 'in', [...accounts])
        .execute();
      return rows.map(toTarget);
    },

    async exclusions(plan, afterAccount, limit) {
      const rows = await trx
        .selectFrom('plan_exclusion')
        .select(['account_id', 'reason'])
        .where('plan_no', '=', numberOf(plan))
        .where('account_id', '>', afterAccount)
        .orderBy('account_id')
        .limit(Math.min(limit, largestPage))
        .execute();
      return rows.map((row) => ({ accountId: row.account_id, reason: row.reason }));
    },

    tallyTargets: async (plan) => (await readPlanCounts(trx, plan)).targets,
    exclusionsByReason: async (plan) => (await readPlanCounts(trx, plan)).exclusions,

    async differenceToPrevious(plan) {
      const { difference } = await readPlanCounts(trx, plan);
      return difference === null ? null : { ...difference, previous: planId(difference.previous) };
    },

    async plansOf(account) {
      const { rows } = await sql<{ plan_no: number; excluded: string | null }>`
        SELECT plan_no, NULL AS excluded FROM plan_target WHERE account_id = ${account}
        UNION ALL SELECT plan_no, reason FROM plan_exclusion WHERE account_id = ${account}
        ORDER BY plan_no DESC`.execute(trx);
      return rows.map((row) => ({ plan: planId(row.plan_no), excluded: row.excluded }));
    },

    async lockStarts(directory) {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`starts ${directory}`}, 0))`.execute(trx);
    },

    async startedTargetsWithin(directory, hours) {
      const { rows } = await sql<{ people: number }>`
        SELECT coalesce(sum(p.total), 0) AS people FROM plan p JOIN rollout r ON r.kind = 'plan' AND r.subject_no = p.no
        WHERE p.directory = ${directory} AND r.started_at > clock_timestamp() - make_interval(hours => ${hours})`.execute(
        trx,
      );
      return Number(rows[0]?.people ?? 0);
    },
  };
}

function toTarget(row: Selectable<Database['plan_target']>): StoredTarget {
  return {
    ordinal: row.ordinal,
    accountId: row.account_id,
    lane: row.lane as Lane,
    effect: row.effect as Effect,
    containOrdinal: row.contain_ordinal,
    tellOrdinal: row.tell_ordinal,
    address: row.address,
    addressDigest: row.address_digest,
    language: row.language,
    ...(row.time_zone === null ? {} : { timeZone: row.time_zone }),
    credentialDigest: row.credential_digest,
    evidence: row.evidence_nos,
    reason: row.reason,
    noticeNumber: row.notice_number,
  };
}
