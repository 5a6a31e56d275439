/**
 * So long a mail server keeps trying before it gives a mail back: RFC 5321 4.5.4.1 asks for at least 4 to 5 days, and 5
 * is what Postfix does (`maximal_queue_lifetime`). What was handed over before that has left it, or came back.
 */
export const queueHours = 120;

/** Once over its cap a queue has to fall this far below before anything is added, so that it is not held and let go by turns. */
const goOnShare = 0.8;

/** How many mails of ours may lie in a queue before more are added to one that was over its cap. */
export function queueGoesOnAt(cap: number): number {
  return Math.floor(cap * goOnShare);
}

/** Whether nothing may be added now. `leaving`: mails of ours that would still go out; those on hold do not count. */
export function isQueueFull(leaving: number, cap: number, wasFull: boolean): boolean {
  return wasFull ? leaving > queueGoesOnAt(cap) : leaving >= cap;
}
