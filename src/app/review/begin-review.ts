import { makeReviewDraw, reviewNeeded } from '../../domain/approval/review-sample.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { Store } from '../ports/store.ts';
import type { Evidence } from '../../domain/evidence/evidence.ts';
import { readOwnReview, requireFrozen } from './own-review.ts';
import type { OwnReview } from './own-review.ts';

export interface BeginReviewDeps {
  readonly store: Store;
  readonly digests: Digests;
}

/** Targets and their evidence read at a time. */
const page = 1_000;
const drawKeyBytes = 32;

/**
 * Draws the targets that this person looks at, once: each reviewer's own, by chance, from every group of the plan. Where
 * they were drawn before, says where the review stands. `Failure('conflict')` for a plan that asks for none.
 */
export async function beginReview(deps: BeginReviewDeps, plan: PlanId, reviewer: OperatorId): Promise<OwnReview> {
  const { frozen, own } = await deps.store.transact(async (tx) => {
    const found = await requireFrozen(tx, plan);
    return { frozen: found, own: await readOwnReview(tx, found, reviewer) };
  });
  if (own.need.kind === 'none') {
    throw new Failure('conflict', `${plan} asks for no review: it is a plan of the sample.`, { plan });
  }
  if (own.standing.kind !== 'not-begun') return own;
  const drawKey = deps.digests.randomHex(drawKeyBytes);
  const ordinals = await draw(deps, frozen, reviewer, drawKey);
  return deps.store.transact(async (tx) => {
    await tx.approvals.lockSubject(plan);
    // Two begun at the same time: the first draw stands.
    if ((await tx.reviews.drawn(plan, reviewer)) === null) {
      await tx.reviews.add(plan, reviewer, { drawKey, ordinals });
      await tx.ledger.append({
        chain: 'installation',
        event: 'review.drawn',
        body: {
          plan,
          digest: frozen.digest,
          reviewer,
          drawKey,
          targets: ordinals.length,
          draw: deps.digests.sha256(ordinals.join(',')),
        },
      });
    }
    return readOwnReview(tx, frozen, reviewer);
  });
}

async function draw(
  deps: BeginReviewDeps,
  plan: FrozenPlan,
  reviewer: OperatorId,
  drawKey: string,
): Promise<readonly number[]> {
  const need = reviewNeeded(plan.header.limits, plan.total);
  if (need.kind !== 'sampled') return Array.from({ length: plan.total }, (_, ordinal) => ordinal);
  const drawing = makeReviewDraw(need.clean);
  for (let from = 0; from < plan.total; from += page) {
    const { targets, evidence } = await deps.store.transact(async (tx) => {
      const rows = await tx.plans.targets(plan.id, from, page);
      return { targets: rows, evidence: await tx.evidence.allEvidence(rows.map((row) => accountId(row.accountId))) };
    });
    for (const target of targets) {
      drawing.add({
        ordinal: target.ordinal,
        group: groupOf(target, evidence.get(accountId(target.accountId)) ?? []),
        sortKey: deps.digests.sha256(`${drawKey}:${plan.digest}:${reviewer}:${target.accountId}`),
      });
    }
  }
  return drawing.drawn();
}

/** A rule that is wrong is wrong in one source, one class, one lane. */
function groupOf(target: StoredTarget, evidence: readonly Evidence[]): string {
  const own = evidence.filter((item) => target.evidence.includes(item.evidenceNo));
  const kinds = new Set(own.map((item) => `${item.source}\u0000${item.class}`));
  return [target.lane, ...[...kinds].toSorted()].join('\u0001');
}
