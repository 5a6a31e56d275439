import { numberOf } from '../../domain/shared/ids.ts';
import { decisionMail } from './appeal-mails.ts';
import type { DecideAppealDeps } from './decide-appeal.ts';
import { noteAnswer } from './note-answer.ts';

/** By then whoever decided has told the holder, or was cut off: the same mail is not on its way twice. */
const sinceSeconds = 600;
/** Answers in one round; what is left waits for the next, some seconds later. */
const mostAtOnce = 20;

/**
 * Tells those who were told that letting them in takes a while what came of it, and those whose answer was cut off. Each answer is
 * begun once: one that is lost with this process stays unknown. How many were sent.
 */
export async function answerLifted(deps: Omit<DecideAppealDeps, 'lifting'>, mayGoOn: () => boolean): Promise<number> {
  const { mailer, store } = deps;
  const isDue = await store.transact((tx) => tx.appeals.hasUntold(sinceSeconds));
  if (!isDue || mailer === null || !(await mailer.isUp())) return 0;
  for (let sent = 0; sent < mostAtOnce; sent += 1) {
    if (!mayGoOn()) return sent;
    const taken = await store.transact(async (tx) => {
      const id = await tx.appeals.takeUntold(sinceSeconds);
      const appeal = id === null ? null : await tx.appeals.read(id);
      if (appeal === null) return null;
      const [member] = await tx.plans.targetsOf(appeal.plan, [appeal.accountId]);
      return { appeal, member: member ?? null };
    });
    if (taken === null) return sent;
    const { appeal, member } = taken;
    const outcome =
      member === null || member.address === null
        ? 'unsent'
        : await mailer.send(
            decisionMail('granted', appeal.lifted, {
              to: member.address,
              language: member.language,
              reference: `appeal-${numberOf(appeal.id)}`,
              service: deps.serviceName,
              contact: deps.supportContact,
              number: member.noticeNumber,
            }),
          );
    await store.transact((tx) => noteAnswer(tx, appeal, 'granted', outcome));
  }
  return mostAtOnce;
}
