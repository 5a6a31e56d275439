import { sql } from 'kysely';
import type { ContainedPerson, ControlRow, ControlStore, SignInCount } from '../../app/ports/control-store.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

export function makeControlStore(trx: DatabaseTx): ControlStore {
  return {
    async add(plan, group) {
      if (group.length === 0) return;
      const rows = JSON.stringify(
        group.map((one, place) => ({ place, account_id: one.accountId, account_digest: one.accountDigest })),
      );
      const no = numberOf(plan);
      await sql`
        INSERT INTO plan_control (plan_no, ordinal, account_id, account_digest)
        SELECT ${no}, row_number() OVER (ORDER BY g.place) - 1, g.account_id, g.account_digest
        FROM json_to_recordset(${rows}::json) AS g (place int, account_id text, account_digest text)
        WHERE NOT EXISTS (SELECT FROM plan_draft_row d WHERE d.plan_no = ${no} AND d.account_id = g.account_id)
          AND NOT EXISTS (SELECT FROM plan_exclusion e WHERE e.plan_no = ${no} AND e.account_id = g.account_id)
        ON CONFLICT DO NOTHING`.execute(trx);
    },

    async rows(plan) {
      const rows = await trx
        .selectFrom('plan_control')
        .select(['ordinal', 'account_id', 'account_digest'])
        .where('plan_no', '=', numberOf(plan))
        .orderBy('ordinal')
        .execute();
      return rows.map((row): ControlRow => ({
        ordinal: row.ordinal,
        accountId: row.account_id === null ? null : accountId(row.account_id),
        accountDigest: row.account_digest,
      }));
    },

    async schedule(plan, wave, agesSeconds) {
      const no = numberOf(plan);
      await sql`
        INSERT INTO sign_in_count (plan_no, wave, age_seconds, told_at, due_at)
        SELECT ${no}, ${wave}, age, now.at, now.at + make_interval(secs => age)
        FROM unnest(${[...agesSeconds]}::int[]) AS age CROSS JOIN (SELECT clock_timestamp() AS at) now
        WHERE EXISTS (SELECT FROM plan_control WHERE plan_no = ${no})
        ON CONFLICT DO NOTHING`.execute(trx);
    },

    async claimDue(directory, leaseSeconds) {
      const { rows } = await sql<{ planNo: number; rolloutNo: number; wave: number; ageSeconds: number }>`
        UPDATE sign_in_count c SET claimed_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
        FROM (
          SELECT d.plan_no, d.wave, d.age_seconds, r.no AS rollout_no
          FROM sign_in_count d
          JOIN plan p ON p.no = d.plan_no AND p.directory = ${directory}
          JOIN rollout r ON r.kind = 'plan' AND r.subject_no = d.plan_no
          WHERE d.read_at IS NULL AND d.due_at <= clock_timestamp()
            AND (d.claimed_until IS NULL OR d.claimed_until < clock_timestamp())
            AND EXISTS (SELECT FROM plan_control g WHERE g.plan_no = d.plan_no AND g.account_id IS NOT NULL)
          ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED) due
        WHERE c.plan_no = due.plan_no AND c.wave = due.wave AND c.age_seconds = due.age_seconds
        RETURNING c.plan_no AS "planNo", due.rollout_no AS "rolloutNo", c.wave, c.age_seconds AS "ageSeconds"`.execute(
        trx,
      );
      const [row] = rows;
      if (row === undefined) return null;
      return { plan: `plan_${row.planNo}`, rolloutNo: row.rolloutNo, wave: row.wave, ageSeconds: row.ageSeconds };
    },

    async contained({ plan, rolloutNo, wave }, limit) {
      // By the keyed order, not by that of the notices, which goes zone by zone: a part of it is a fair sample.
      const { rows } = await sql<ContainedPerson>`
        SELECT t.account_id AS "accountId", p.contained_at AS "containedAt"
        FROM track k
        JOIN plan_target t ON t.plan_no = ${numberOf(plan)}
          AND t.tell_ordinal >= CASE WHEN ${wave}::int > 1 THEN k.wave_ends[${wave}::int - 1] ELSE 0 END
          AND t.tell_ordinal < k.wave_ends[${wave}::int]
        JOIN restore_point p ON p.plan_no = t.plan_no AND p.account_id = t.account_id
        WHERE k.rollout_no = ${rolloutNo} AND k.track = 'tell' AND p.contained_at IS NOT NULL AND p.state <> 'restored'
        ORDER BY t.ordinal LIMIT ${limit}`.execute(trx);
      return rows.map((row) => ({ ...row, accountId: accountId(row.accountId) }));
    },

    async record({ plan, wave, ageSeconds }, taken) {
      const { numAffectedRows } = await sql`
        UPDATE sign_in_count SET read_at = clock_timestamp(), claimed_until = NULL, counted_from = ${taken.countedFrom},
          people = ${taken.people}, signed_in = ${taken.signedIn},
          control = ${taken.control}, control_signed_in = ${taken.controlSignedIn}
        WHERE plan_no = ${numberOf(plan)} AND wave = ${wave} AND age_seconds = ${ageSeconds} AND read_at IS NULL`.execute(
        trx,
      );
      return numAffectedRows === 1n;
    },

    async counts(plan) {
      const rows = await trx
        .selectFrom('sign_in_count')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .orderBy('wave')
        .orderBy('age_seconds')
        .execute();
      return rows.map((row): SignInCount => ({
        wave: row.wave,
        ageSeconds: row.age_seconds,
        toldAt: row.told_at,
        dueAt: row.due_at,
        readAt: row.read_at,
        taken:
          row.read_at === null
            ? null
            : {
                countedFrom: row.counted_from,
                people: row.people ?? 0,
                signedIn: row.signed_in ?? 0,
                control: row.control ?? 0,
                controlSignedIn: row.control_signed_in ?? 0,
              },
      }));
    },

    async plansOf(account) {
      const { rows } = await sql<{ planNo: number; frozenAt: Date }>`
        SELECT g.plan_no AS "planNo", p.created_at AS "frozenAt" FROM plan_control g JOIN plan p ON p.no = g.plan_no
        WHERE g.account_id = ${account} AND p.header IS NOT NULL ORDER BY g.plan_no DESC`.execute(trx);
      return rows.map(({ planNo, frozenAt }) => ({ plan: `plan_${planNo}`, frozenAt }));
    },

    async erase(account) {
      const { numAffectedRows } = await sql`
        UPDATE plan_control SET account_id = NULL WHERE account_id = ${account}`.execute(trx);
      return Number(numAffectedRows ?? 0n);
    },

    async outlived(days, limit) {
      const { rows } = await sql<{ no: number }>`
        SELECT p.no FROM plan p
        WHERE p.header IS NOT NULL AND EXISTS (SELECT FROM plan_control g WHERE g.plan_no = p.no AND g.account_id IS NOT NULL)
          AND (p.created_at < clock_timestamp() - make_interval(days => ${days})
            OR (EXISTS (SELECT FROM rollout r JOIN track t ON t.rollout_no = r.no
                  WHERE r.kind = 'plan' AND r.subject_no = p.no AND t.track = 'tell' AND t.phase = 'finished')
              AND NOT EXISTS (SELECT FROM sign_in_count c WHERE c.plan_no = p.no AND c.read_at IS NULL)))
        ORDER BY p.no LIMIT ${limit}`.execute(trx);
      return rows.map((row): PlanId => `plan_${row.no}`);
    },

    async forget(plan) {
      const { numAffectedRows } = await sql`
        UPDATE plan_control SET account_id = NULL
        WHERE plan_no = ${numberOf(plan)} AND account_id IS NOT NULL`.execute(trx);
      return Number(numAffectedRows ?? 0n);
    },
  };
}
