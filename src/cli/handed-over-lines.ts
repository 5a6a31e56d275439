import type { HandedOverAnswer } from '../contract/rollout.ts';
import { grouped } from './table.ts';

/** What a halt does not reach: the mails that mail servers took, and what is known of their queues. */
export function handedOverLines({ mails, withinHours, onHold, queues }: HandedOverAnswer): readonly string[] {
  if (mails === 0 && queues.length === 0) return [];
  const bound = `at most: taken within ${withinHours / 24} days, and not known to have arrived or come back`;
  return [
    '',
    `${grouped(mails)} handed over, may still be in the provider's queue (${bound})`,
    ...(onHold === 0
      ? []
      : [`${grouped(onHold)} of them on hold there since the halt: they go out when it is resumed`]),
    ...(queues.length === 0 ? ['what is in its queue is not known: ALLCLEAR_MAIL_QUEUE is not set'] : []),
    ...queues.flatMap(queueLines),
  ];
}

type QueueAnswer = HandedOverAnswer['queues'][number];

function queueLines(queue: QueueAnswer): readonly string[] {
  const { hostName, waiting, deferred, onHold, others, cap, commanded, readError, commandError, readAt } = queue;
  const depth =
    readAt === null
      ? 'not known'
      : `${grouped(waiting)} waiting, ${grouped(deferred)} put off, ${grouped(onHold)} on hold, ${grouped(others)} of others, as of ${readAt}; cap ${grouped(cap)}`;
  return [
    `queue of ${hostName}: ${depth}`,
    ...(readError === null ? [] : [`  it cannot be read now: ${readError}`]),
    ...(commandError === null ? [] : [`  it does not do what it is told: ${commandError}`]),
    ...(commanded ? [] : ['  a halt cannot hold what is in it: ALLCLEAR_MAIL_QUEUE_HOLD']),
  ];
}
