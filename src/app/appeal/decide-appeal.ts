import type { Appeal, AppealDecision } from '../../domain/appeal/appeal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { AppealId, OperatorId } from '../../domain/shared/ids.ts';
import type { HolderMailer } from '../ports/holder-mailer.ts';
import type { Store } from '../ports/store.ts';
import { decisionMail } from './appeal-mails.ts';

export interface DecideAppealDeps {
  readonly store: Store;
  /** Null where no mailer is configured. */
  readonly mailer: HolderMailer | null;
  readonly serviceName: string;
  readonly supportContact: string;
}

export interface GivenDecision {
  readonly appeal: AppealId;
  readonly decision: AppealDecision;
  /** For colleagues and the ledger's reader; the holder is told the decision in words of ours. */
  readonly reason: string;
  readonly by: OperatorId;
}

/**
 * Decides an appeal and tells its holder in the channel of the notice. It changes nothing in any account: what was wrong is
 * put right by withdrawing the evidence and retracting. Deciding alike again tells it again, if it could not be told.
 * `Failure('not-found' | 'conflict' | 'mailer-unavailable')`.
 */
export async function decideAppeal(deps: DecideAppealDeps, given: GivenDecision): Promise<Appeal> {
  const { mailer, store } = deps;
  if (mailer === null || !(await mailer.isUp()))
    throw new Failure(
      'mailer-unavailable',
      `Nothing was decided: the holder of ${given.appeal} could not be told now.`,
    );
  const { member, sends } = await store.transact(async (tx) => {
    const appeal = await tx.appeals.lock(given.appeal);
    if (appeal === null)
      throw new Failure('not-found', `There is no ${given.appeal}. All that are open: allclear appeal list`);
    const isRepeated = appeal.decision === given.decision && appeal.told !== 'accepted' && appeal.told !== 'unknown';
    if (appeal.decision !== null && !isRepeated)
      throw new Failure(
        'conflict',
        `${given.appeal} was ${appeal.decision} already, by ${appeal.decidedBy ?? 'nobody'}.`,
      );
    const [target] = await tx.plans.targetsOf(appeal.plan, [appeal.accountId]);
    if (appeal.decision === null) {
      await tx.appeals.decide(given.appeal, given.decision, given.reason, given.by);
      const rollout = await tx.rollouts.find('plan', numberOf(appeal.plan));
      await tx.ledger.append({
        chain: rollout === null ? 'installation' : `rollout:${rollout.no}`,
        event: 'appeal.decided',
        body: { appeal: given.appeal, decision: given.decision, by: given.by },
      });
    }
    return { member: target ?? null, sends: (target?.address ?? null) !== null };
  });
  const outcome =
    !sends || member === null || member.address === null
      ? 'unsent'
      : await mailer.send(
          decisionMail(given.decision, {
            to: member.address,
            language: member.language,
            reference: given.appeal.replace('_', '-'),
            service: deps.serviceName,
            contact: deps.supportContact,
            number: member.noticeNumber,
          }),
        );
  return store.transact(async (tx) => {
    await tx.appeals.noteTold(given.appeal, outcome);
    const decided = await tx.appeals.read(given.appeal);
    if (decided === null) throw new Failure('internal', `${given.appeal} is gone.`);
    return decided;
  });
}
