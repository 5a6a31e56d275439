import { useRead } from '../api/read.ts';
import type { ShownPlan } from '../plan/recompute-in-browser.ts';
import type { ShownRetraction } from '../retraction/recompute-retraction.ts';
import { useMay, useSession } from '../session/use-session.ts';

interface Subject {
  /** What an approver types. */
  readonly total: number;
  readonly directory: string | null;
  readonly digestWords: string;
  /** What a yes to resuming it is compared with, line by line. */
  readonly shown: ShownPlan | ShownRetraction;
  /** Whether this person may say yes to it: the author of what takes two may not. */
  readonly mayApprove: boolean;
}

/** The plan or the retraction that a rollout is of, as far as a yes to resuming it needs that; null while it is read. */
export function useSubject(subject: string): Subject | null {
  const { operator } = useSession();
  const isAllowed = useMay()('approval.give');
  const isPlan = subject.startsWith('plan_');
  const plan = useRead('get /api/v1/plans/{plan}', { params: { plan: subject } }, { enabled: isAllowed && isPlan });
  const retraction = useRead(
    'get /api/v1/retractions/{subject}',
    { params: { subject } },
    { enabled: isAllowed && !isPlan },
  );
  if (plan.data !== undefined) {
    const { plan: id, counts, directory, digest, digestWords, author } = plan.data;
    const shown = { plan: id, digest, directory, total: counts.total };
    return { total: counts.total, directory, digestWords, shown, mayApprove: author !== operator.id };
  }
  if (retraction.data === undefined) return null;
  const { retraction: id, plan: of, digest, affected, digestWords, author, approvals } = retraction.data;
  const mayApprove = approvals.required === 1 || author !== operator.id;
  const shown = { retraction: id, plan: of, digest, affected, directory: null };
  return { total: affected, directory: null, digestWords, shown, mayApprove };
}
