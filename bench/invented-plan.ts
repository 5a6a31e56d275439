import { digests } from '../src/adapters/crypto/digests.ts';
import { signatures } from '../src/adapters/crypto/signing-key.ts';
import { approveSubject } from '../src/app/approval/approve-subject.ts';
import { draftPlan } from '../src/app/plan/draft-plan.ts';
import { makeRolloutPolicy } from '../src/app/rollout/rollout-policy.ts';
import type { RolloutPolicy } from '../src/app/rollout/rollout-policy.ts';
import { makeSubjectReader } from '../src/app/rollout/read-subject.ts';
import { startRollout } from '../src/app/rollout/start-rollout.ts';
import type { FrozenPlan } from '../src/domain/plan/frozen-plan.ts';
import type { PlanLimits } from '../src/domain/plan/limits.ts';
import type { BatchId } from '../src/domain/shared/ids.ts';
import type { BenchWorld } from './bench-world.ts';
import { makeInventedDirectory } from './invented-directory.ts';

/** In place of the real one, so that a plan may be drawn up from code that is being changed. */
export const codeVersion = 'bench';
/** A plan of all accounts of a leak, and all plans of a day's rounds, stay inside the budgets only in a service far larger than them. */
export const accountsPerTarget = 1_000_000;
const approvalMs = 3_600_000;

/** What an import would have left: one finished batch whose passwords worked on every account. */
export async function seedEvidence({ pool, store }: BenchWorld, size: number, list = 'list'): Promise<BatchId> {
  await pool.query(`INSERT INTO source (name, authority) VALUES ('bench', 'outside') ON CONFLICT DO NOTHING`);
  const { rows } = await pool.query<{ no: number }>(
    `INSERT INTO evidence_batch (source_no, class, state, directory, file_name, imported_by, head_digest)
     VALUES (1, 'credentials', 'importing', 'invented', $1, 1, $1) RETURNING batch_no AS no`,
    [list],
  );
  const no = rows[0]?.no ?? 0;
  await pool.query(
    `INSERT INTO evidence (batch_no, account_id, class, against, hash_digest, sealed_lines, lines_total)
     SELECT $2, id, 'verified', 'current',
       encode(sha256(convert_to('5a17:' || id || '-hash-of-a-password-that-nobody-has', 'UTF8')), 'hex'), '\\x00', 1
     FROM (SELECT 'account-' || lpad(n::text, 9, '0') AS id FROM generate_series(0, $1 - 1) AS n) AS invented`,
    [size, no],
  );
  await pool.query('ANALYZE evidence');
  await store.transact((tx) => tx.evidence.finishBatch(`batch_${no}`));
  return `batch_${no}`;
}

/** Through the use case itself, over a directory that costs nearly nothing. */
export async function freezePlanOf(
  world: BenchWorld,
  batch: BatchId,
  size: number,
  limits: PlanLimits,
): Promise<FrozenPlan> {
  const frozen = await draftPlan(
    {
      ...world,
      digests,
      directory: makeInventedDirectory(size * accountsPerTarget),
      deployment: { id: world.deploymentId, environment: 'sample' },
      codeVersion,
      constants: { 'service-name': 'Bench', 'support-contact': 'help@bench.example' },
    },
    { batches: [batch], action: 'reset', notice: 'password-reset', limits, author: world.author.id },
    () => undefined,
  );
  if (frozen.total !== size) throw new Error(`the plan has ${frozen.total} targets, not ${size}`);
  return frozen;
}

export interface RunningPlan {
  readonly plan: FrozenPlan;
  readonly rolloutNo: number;
  readonly policy: RolloutPolicy;
}

/** Approved by two people and started, with its one wave open. */
export async function startPlan(world: BenchWorld, plan: FrozenPlan): Promise<RunningPlan> {
  const { store, templates, deploymentId } = world;
  const approvals = { digests, signatures, deploymentId };
  const policy = makeRolloutPolicy({ ...approvals, templates, codeVersion, hasFeedback: false });
  for (const person of world.approvers) {
    const statement = digests.canonical({
      deployment: deploymentId,
      directory: plan.header.directory,
      digest: plan.digest,
      total: plan.total,
      decision: 'approve',
      nonce: digests.randomHex(16),
      expiry: new Date(Date.now() + approvalMs).toISOString(),
    });
    const given = { subject: plan.id, statement, signature: person.key.sign(statement), operatorId: person.id };
    const recorded = await approveSubject({ store, ...approvals, readSubject: makeSubjectReader(policy) }, given);
    if (recorded.kind === 'refused') throw new Error(recorded.reason);
  }
  const rolloutNo = await startRollout(
    {
      store,
      policy,
      codeVersion,
      directory: makeInventedDirectory(plan.total * accountsPerTarget),
      environment: 'sample',
      mailerEnvironment: 'sample',
    },
    plan.id,
    plan.total,
    world.author.id,
  );
  await store.transact((tx) => tx.rollouts.openWave(rolloutNo, 'contain', plan.total));
  return { plan, rolloutNo, policy };
}

/**
 * Started, everybody's account contained as far as the database tells, and the one wave of notices open: what a worker
 * finds whose only work left is to send.
 */
export async function startTelling(world: BenchWorld, plan: FrozenPlan): Promise<RunningPlan> {
  const running = await startPlan(world, plan);
  const planNo = Number(plan.id.slice('plan_'.length));
  await world.pool.query(
    `INSERT INTO plan_key (plan_no, key_id, wrapped) VALUES ($1, 'bench', '\\x00') ON CONFLICT DO NOTHING`,
    [planNo],
  );
  await world.pool.query(
    `INSERT INTO restore_point (directory, account_id, plan_no, key_id, sealed, hash_digest, marker, state,
       contained_at, sessions_ended_at, sessions_ended, closed_at, closed_by)
     SELECT 'invented', account_id, $1, 'bench', '\\x00', repeat('0', 64), 'bench', 'retired',
       clock_timestamp(), clock_timestamp(), 1, clock_timestamp(), 'bench'
     FROM plan_target WHERE plan_no = $1`,
    [planNo],
  );
  await world.pool.query(`UPDATE track SET phase = 'finished' WHERE rollout_no = $1 AND track = 'contain'`, [
    running.rolloutNo,
  ]);
  await world.pool.query('ANALYZE restore_point');
  await world.pool.query('CHECKPOINT');
  return running;
}
