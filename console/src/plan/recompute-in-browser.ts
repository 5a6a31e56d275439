import { asksForReview, recordOfOwnReview } from '../../../src/domain/approval/own-review.ts';
import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import { recomputePlan } from '../../../src/domain/plan/recompute-plan.ts';
import type { PlanExportLine } from '../../../src/domain/plan/recompute-plan.ts';
import { Failure } from '../../../src/domain/shared/failure.ts';
import { call, send } from '../api/call.ts';
import { Refused } from '../api/refused.ts';
import type { Answer } from '../api/routes.ts';
import { linesOf } from '../api/stream.ts';
import { hashing } from '../digest/hashing.ts';

/** What the page shows of the plan. */
type ShownPlan = Pick<Answer<'get /api/v1/plans/{plan}'>, 'plan' | 'digest' | 'directory'> & { readonly total: number };

export interface ReadSoFar {
  readonly read: number;
  readonly of: number;
}

/** Longer without a rest and the page does not answer to a key. */
const restAfterMs = 40;

/**
 * Reads the export and computes in the browser what a yes is to: digest, total, directory, and the digest of one's own
 * review. Throws `Failure('digest-mismatch')` where it is not what the page shows, and what `recordOfOwnReview` throws.
 */
export async function recomputeInBrowser(
  plan: ShownPlan,
  onRead: (soFar: ReadSoFar) => void,
  signal: AbortSignal,
): Promise<MeantStatement> {
  const params = { plan: plan.plan };
  const response = await send('post /api/v1/plans/{plan}/exports', { params }, { signal });
  const computed = await recomputePlan(hashing, exportLines(response, onRead));
  const { digest, header } = computed;
  const { deployment } = await call('get /api/v1/deployment', {}, { signal });
  if (header.plan !== plan.plan) throw differs(`the server sent ${header.plan} for ${plan.plan}`);
  if (digest !== plan.digest) throw differs(`computed here its digest is ${digest}`);
  if (header.targets.total !== plan.total) throw differs(`it concerns ${header.targets.total} people`);
  if (header.directory !== plan.directory || header.deployment !== deployment)
    throw differs(`it acts on the directory ${header.directory} of the deployment ${header.deployment}`);
  const meant = {
    digest,
    total: header.targets.total,
    decision: 'approve',
    deployment,
    directory: header.directory,
  } as const;
  if (!asksForReview(computed)) return { ...meant, review: null };
  const own = await call('get /api/v1/plans/{plan}/reviews/own', { params }, { signal });
  return { ...meant, review: hashing.sha256(hashing.canonical(recordOfOwnReview(computed, own))) };
}

async function* exportLines(response: Response, onRead: (soFar: ReadSoFar) => void): AsyncGenerator<PlanExportLine> {
  let read = 0;
  let of = 0;
  let restedAt = performance.now();
  for await (const text of linesOf(response)) {
    const line = JSON.parse(text) as
      | PlanExportLine
      | { readonly kind: 'problem'; readonly problem: Refused['problem'] };
    if (line.kind === 'problem') throw new Refused(line.problem);
    if (line.kind === 'plan') of = line.header.targets.total + line.header.exclusions.total;
    else read += 1;
    yield line;
    if (performance.now() - restedAt < restAfterMs) continue;
    onRead({ read, of });
    await new Promise((resolve) => setTimeout(resolve));
    restedAt = performance.now();
  }
}

function differs(what: string): Failure {
  return new Failure('digest-mismatch', `The plan is not what this page shows: ${what}. Nothing was signed.`);
}
