import { asksForReview, recordOfOwnReview } from '../../../src/domain/approval/own-review.ts';
import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import { recomputePlan } from '../../../src/domain/plan/recompute-plan.ts';
import type { PlanExportLine, RecomputedPlan } from '../../../src/domain/plan/recompute-plan.ts';
import { Failure } from '../../../src/domain/shared/failure.ts';
import { call, send } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import type { Where } from '../api/where.ts';
import { exportLines } from '../digest/export-lines.ts';
import type { ReadSoFar } from '../digest/export-lines.ts';
import { hashing } from '../digest/hashing.ts';

/** What the page shows of the plan. */
export type ShownPlan = Pick<Answer<'get /api/v1/plans/{plan}'>, 'plan' | 'digest' | 'directory'> & {
  readonly total: number;
};

/**
 * Reads the export and computes in the browser what a yes is to: digest, total, directory, and the digest of one's own
 * review. Throws `Failure('digest-mismatch')` where it is not what the page shows, and what `recordOfOwnReview` throws.
 */
export async function recomputeInBrowser(
  plan: ShownPlan,
  onRead: (soFar: ReadSoFar) => void,
  signal: AbortSignal,
  where: Where = 'live',
): Promise<MeantStatement> {
  const computed = await recomputeShownPlan(plan, onRead, signal, where);
  const meant = { ...meantOf(computed), decision: 'approve', review: null };
  if (!asksForReview(computed)) return meant;
  const params = { plan: plan.plan };
  const own = await call('get /api/v1/plans/{plan}/reviews/own', { params }, { signal, where });
  return { ...meant, review: hashing.sha256(hashing.canonical(recordOfOwnReview(computed, own))) };
}

/** What of a statement follows from the plan alone. */
export function meantOf({
  digest,
  header,
}: Pick<RecomputedPlan, 'digest' | 'header'>): Pick<MeantStatement, 'digest' | 'total' | 'deployment' | 'directory'> {
  const { deployment, directory, targets } = header;
  return { digest, total: targets.total, deployment, directory };
}

/** The plan from every line of its export. Throws `Failure('digest-mismatch')` where it is not what the page shows. */
export async function recomputeShownPlan(
  plan: ShownPlan,
  onRead: (soFar: ReadSoFar) => void,
  signal: AbortSignal,
  where: Where,
): Promise<RecomputedPlan> {
  const params = { plan: plan.plan };
  const response = await send('post /api/v1/plans/{plan}/exports', { params }, { signal, where });
  const lines = exportLines<PlanExportLine>(
    response,
    (line) => (line.kind === 'plan' ? line.header.targets.total + line.header.exclusions.total : null),
    onRead,
  );
  const computed = await recomputePlan(hashing, lines);
  const { digest, header } = computed;
  const { deployment } = await call('get /api/v1/deployment', {}, { signal, where });
  if (header.plan !== plan.plan) throw differs(`the server sent ${header.plan} for ${plan.plan}`);
  if (digest !== plan.digest) throw differs(`computed here its digest is ${digest}`);
  if (header.targets.total !== plan.total) throw differs(`it concerns ${header.targets.total} people`);
  if (header.directory !== plan.directory || header.deployment !== deployment)
    throw differs(`it acts on the directory ${header.directory} of the deployment ${header.deployment}`);
  return computed;
}

function differs(what: string): Failure {
  return new Failure('digest-mismatch', `The plan is not what this page shows: ${what}. Nothing was signed.`);
}
