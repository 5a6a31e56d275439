import type { CheckFinding } from '../../app/doctor/finding.ts';
import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import type { MailQueue } from '../../app/ports/mail-queue.ts';

const check = 'queue of the mail server';

/**
 * Looks into the queue as a worker does, and asks whether it takes orders by giving it an empty one: nobody's mail is
 * touched. Null: nothing says how to look.
 */
export async function checkMailQueue(queue: MailQueue | null, cap: number): Promise<CheckFinding> {
  if (queue === null)
    return sound(
      check,
      'not known: ALLCLEAR_MAIL_QUEUE is not set, so a halt tells at most how many mails still go out',
    );
  const reading = await queue.read();
  if (reading.kind === 'unreadable')
    return failing(
      check,
      `it cannot be read: ${reading.why}`,
      'No ordinary notice is sent meanwhile. See docs/recipes/mail.md, "The queue of your own Postfix".',
    );
  const count = (place: string): number => reading.own.filter((mail) => mail.place === place).length;
  const leaving = count('waiting') + count('deferred');
  const seen = `${leaving} of our mails have not gone out (cap ${cap}), ${count('on-hold')} are on hold, ${reading.others} are of others`;
  if (queue.command === null)
    return doubtful(
      check,
      `${seen}; a halt cannot hold them`,
      'Set ALLCLEAR_MAIL_QUEUE_HOLD. See docs/recipes/mail.md.',
    );
  const refused = (await queue.command.hold([])) ?? (await queue.command.release([]));
  if (refused !== null)
    return failing(
      check,
      `${seen}; it takes no orders: ${refused}`,
      'Let workers run postsuper. See docs/recipes/mail.md.',
    );
  if (leaving >= cap) return doubtful(check, seen, 'See why they do not go out: postqueue -p');
  return sound(check, `${seen}; a halt can hold them`);
}
