import { setTimeout as pause } from 'node:timers/promises';
import { rolloutRoutes } from '../contract/rollout.ts';
import type { HaltResultAnswer, HandedOverAnswer, RolloutStatusAnswer } from '../contract/rollout.ts';
import { requireSubject } from './require-ids.ts';
import { handedOverLines } from './handed-over-lines.ts';
import type { Session } from './session.ts';

/** A worker looks into the queue within two seconds of a halt; who halts is told what came of it, and not kept for long. */
const waitAtMostMs = 5_000;
const askAgainMs = 500;

/**
 * After a halt that stands: what the mail server still holds of the first rollout, once a worker has looked since. Says
 * nothing where that is not known, and nothing of its own failures: the halt is told already.
 */
export async function tellQueue({ api, out }: Session, { rollouts }: HaltResultAnswer): Promise<void> {
  const subject = rollouts.find((one) => one.handedOver > 0)?.subject;
  if (subject === undefined) return;
  const ask = (): Promise<RolloutStatusAnswer | null> =>
    api
      .call(rolloutRoutes.status, { params: { subject: requireSubject(subject) } }, { answerWithinMs: waitAtMostMs })
      .catch(() => null);
  const untilMs = performance.now() + waitAtMostMs;
  let status = await ask();
  const haltedAt = status?.readAt;
  while (
    status !== null &&
    haltedAt !== undefined &&
    waits(status.handedOver, haltedAt) &&
    performance.now() < untilMs
  ) {
    await pause(askAgainMs);
    status = await ask();
  }
  if (status === null || status.handedOver.queues.length === 0) return;
  out.talk(`${subject}:`, ...handedOverLines(status.handedOver));
}

/** Whether a queue that takes orders was not looked at since. */
function waits({ queues }: HandedOverAnswer, since: string): boolean {
  return queues.some(
    ({ commanded, readError, readAt }) => commanded && readError === null && (readAt === null || readAt <= since),
  );
}
