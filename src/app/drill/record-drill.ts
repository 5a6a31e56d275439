import { isActive, isSamePerson } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { roleMay } from '../../domain/approval/role.ts';
import type { DrillReport } from '../../domain/drill/drill-report.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { DrillId, OperatorId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

export interface BeginDrillDeps {
  readonly store: Store;
  readonly codeVersion: string;
  /** Made-up people whom its evidence will name. */
  readonly people: number;
}

/**
 * Enters that a drill begins. Refused while another one runs, while a real rollout does (nobody may wonder which one to
 * halt), and where fewer than two people could approve its retraction. `Failure('conflict' | 'needs-approval')`.
 */
export async function beginDrill(deps: BeginDrillDeps, by: OperatorId): Promise<DrillId> {
  const { store, people, codeVersion } = deps;
  return store.transact(async (tx) => {
    const now = await tx.approvals.now();
    const approvers = (await tx.operators.list()).filter(
      (one) => isActive(one, now) && roleMay(one.role, 'approval.give'),
    );
    if (!hasTwoPeople(approvers))
      throw new Failure(
        'needs-approval',
        'A drill takes two people who may approve, as a retraction does, and there is one. Add another: allclear operator add (a shop: allclear operator invite)',
      );
    for (const rollout of await tx.rollouts.unfinished()) {
      if ((await tx.rollouts.tracks(rollout.no)).some((track) => track.phase === 'running'))
        throw new Failure(
          'conflict',
          `${rollout.kind}_${rollout.subjectNo} is running. Nobody should have to ask which one to halt: begin the drill when it is over.`,
        );
    }
    const drill = await tx.drills.begin({ people, codeVersion, begunBy: by });
    if (drill === null) {
      throw new Failure('conflict', 'A drill is running already. See: allclear drill show');
    }
    await tx.ledger.append({ chain: 'installation', event: 'drill.begun', body: { drill, people, codeVersion, by } });
    return drill;
  });
}

/** Enters how a drill ended; without reasons it is passed. Harmless for one that ended before. */
export async function endDrill(
  { store }: { readonly store: Store },
  drill: DrillId,
  report: DrillReport,
): Promise<void> {
  const isPassed = report.reasons.length === 0;
  await store.transact(async (tx) => {
    if (!(await tx.drills.end(drill, isPassed ? 'passed' : 'failed', report))) return;
    const { figures, agreedBy, haltedBy, approvedBy, reasons } = report;
    await tx.ledger.append({
      chain: 'installation',
      event: isPassed ? 'drill.passed' : 'drill.failed',
      body: { drill, figures: { ...figures }, agreedBy, haltedBy, approvedBy, reasons },
    });
  });
}

function hasTwoPeople(operators: readonly Operator[]): boolean {
  return operators.some((one) => operators.some((other) => !isSamePerson(one, other)));
}
