import type { Appeal, AppealDecision, AppealLift } from '../../domain/appeal/appeal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AppealId, OperatorId } from '../../domain/shared/ids.ts';
import type { HolderMailer } from '../ports/holder-mailer.ts';
import type { Store } from '../ports/store.ts';
import { liftOf, liftOne } from '../action/lift-suspensions.ts';
import type { LiftDeps } from '../action/lift-suspensions.ts';
import type { Suspension } from '../ports/suspension-store.ts';
import { decisionMail } from './appeal-mails.ts';
import { grantSuspension } from './grant-suspension.ts';
import { appealChain, noteAnswer } from './note-answer.ts';

export interface DecideAppealDeps {
  readonly store: Store;
  /** Null where no mailer is configured. */
  readonly mailer: HolderMailer | null;
  readonly lifting: Pick<LiftDeps, 'directory' | 'seal'>;
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
 * Decides an appeal and tells its holder in the channel of the notice. Of a suspension, granting lets that one account back in at
 * once. Of a reset it changes nothing in the account: what was wrong is put right by withdrawing the evidence and retracting.
 * Deciding alike again lifts and tells again, if either could not be done.
 * `Failure('not-found' | 'conflict' | 'mailer-unavailable')`.
 */
export async function decideAppeal(deps: DecideAppealDeps, given: GivenDecision): Promise<Appeal> {
  const { mailer, store } = deps;
  if (mailer === null || !(await mailer.isUp()))
    throw new Failure(
      'mailer-unavailable',
      `Nothing was decided: the holder of ${given.appeal} could not be told now.`,
    );
  const { member, plan, sends, isSuspension, granted } = await store.transact(async (tx) => {
    const appeal = await tx.appeals.lock(given.appeal);
    if (appeal === null)
      throw new Failure('not-found', `There is no ${given.appeal}. All that are open: allclear appeal list`);
    const isUntold = appeal.told !== 'accepted' && appeal.told !== 'unknown';
    const isRepeated = appeal.decision === given.decision && (isUntold || appeal.lifted === 'waits');
    if (appeal.decision !== null && !isRepeated)
      throw new Failure(
        'conflict',
        `${given.appeal} was ${appeal.decision} already, by ${appeal.decidedBy ?? 'nobody'}.`,
      );
    const [target] = await tx.plans.targetsOf(appeal.plan, [appeal.accountId]);
    const frozen = await tx.plans.read(appeal.plan);
    const suspends = frozen?.header.action === 'suspend';
    const lift =
      frozen !== null && suspends && given.decision === 'granted'
        ? await grantSuspension(tx, appeal, frozen, given.by)
        : null;
    if (lift !== null && appeal.lifted === null) await tx.appeals.noteLifted(given.appeal, lift.lifted);
    if (appeal.decision === null) {
      await tx.appeals.decide(given.appeal, given.decision, given.reason, given.by);
      await tx.ledger.append({
        chain: await appealChain(tx, appeal.plan),
        event: 'appeal.decided',
        body: {
          appeal: given.appeal,
          decision: given.decision,
          by: given.by,
          ...(lift === null ? {} : { lifted: lift.lifted }),
        },
      });
    }
    return {
      member: target ?? null,
      plan: appeal.plan,
      // A repeat that only lifts does not tell twice.
      sends: (target?.address ?? null) !== null && isUntold,
      isSuspension: suspends,
      granted: lift,
    };
  });
  const lifted =
    granted === null || granted.suspension === null
      ? (granted?.lifted ?? null)
      : await liftNow(deps, granted.suspension);
  const outcome =
    !sends || member === null || member.address === null
      ? 'unsent'
      : await mailer.send(
          decisionMail(given.decision, isSuspension ? (lifted ?? 'kept') : null, {
            to: member.address,
            language: member.language,
            reference: given.appeal.replace('_', '-'),
            service: deps.serviceName,
            contact: deps.supportContact,
            number: member.noticeNumber,
          }),
        );
  return store.transact(async (tx) => {
    if (sends || (member?.address ?? null) === null)
      await noteAnswer(tx, { id: given.appeal, plan }, given.decision, outcome);
    const decided = await tx.appeals.read(given.appeal);
    if (decided === null) throw new Failure('internal', `${given.appeal} is gone.`);
    return decided;
  });
}

/** Now if the directory answers; else the workers do it as soon as it does. */
async function liftNow({ lifting, store }: DecideAppealDeps, suspension: Suspension): Promise<AppealLift> {
  try {
    return liftOf(await liftOne({ ...lifting, store }, suspension));
  } catch {
    return 'waits';
  }
}
