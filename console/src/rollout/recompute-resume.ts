import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import { decisionToGoOn } from '../../../src/domain/rollout/held-verdict.ts';
import type { Answer } from '../api/routes.ts';
import type { Where } from '../api/where.ts';
import type { ReadSoFar } from '../digest/export-lines.ts';
import { meantOf, recomputeShownPlan } from '../plan/recompute-in-browser.ts';
import type { ShownPlan } from '../plan/recompute-in-browser.ts';
import { recomputeShownRetraction } from '../retraction/recompute-retraction.ts';
import type { ShownRetraction } from '../retraction/recompute-retraction.ts';

type Status = Pick<Answer<'get /api/v1/rollouts/{subject}'>, 'epoch' | 'goOn'>;

/** Made here from the verdicts that are on the screen: a server that lies about the decision gets no yes to another. */
export function decisionToResume({ epoch, goOn }: Status, isOver: boolean): string {
  return isOver && goOn !== null ? decisionToGoOn(epoch, goOn.over) : `resume-epoch-${epoch}`;
}

/** What a resume is a yes to, from every line of the plan or retraction that goes on. Throws `Failure('digest-mismatch')`. */
export async function recomputeResumed(
  shown: ShownPlan | ShownRetraction,
  decision: string,
  onRead: (soFar: ReadSoFar) => void,
  signal: AbortSignal,
  where: Where = 'live',
): Promise<MeantStatement> {
  if ('retraction' in shown) return recomputeShownRetraction(shown, decision, onRead, signal, where);
  return { ...meantOf(await recomputeShownPlan(shown, onRead, signal, where)), decision, review: null };
}
