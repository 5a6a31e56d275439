import { join } from 'node:path';
import type { MailQueue, QueueCommand, QueuedMail, QueueReading } from '../../../app/ports/mail-queue.ts';
import { QueueLines } from './queue-lines.ts';
import { runCommand } from './run-command.ts';

export interface PostfixQueueOptions {
  /** Where `postqueue` and `postsuper` are. */
  readonly commandDir: string;
  /** Of another instance than the machine's own (`-c`). */
  readonly configDir: string | null;
  /** How `postsuper`, which is for root alone, is run: not at all, as we are, or by `sudo -n`. */
  readonly hold: 'no' | 'direct' | 'sudo';
  /** What a return path of ours vouches for; null for anybody else's. */
  readonly readReference: (sender: string) => string | null;
  readonly timeoutMs?: number;
}

/** Listing 5,000 mails takes 0.4 s (November 2026, two busy cores); a queue that takes this long is in trouble, and so are we. */
const timeoutDefaultMs = 15_000;
/** As many of ours as are looked at; no cap may be larger. */
const ownMax = 100_000;

/**
 * The queue of a Postfix on this machine, read by `postqueue -j` and commanded by `postsuper`. Mails are ours if, and
 * only if, the HMAC in their return path says so: nobody else's mail is ever touched on a server that others use too.
 */
export function makePostfixQueue(options: PostfixQueueOptions): MailQueue {
  const { commandDir, configDir, hold, readReference, timeoutMs = timeoutDefaultMs } = options;
  const instance = configDir === null ? [] : ['-c', configDir];

  async function read(): Promise<QueueReading> {
    const own: QueuedMail[] = [];
    let others = 0;
    const lines = new QueueLines(
      ({ queueId, queueName, sender }) => {
        const reference = readReference(sender);
        const place = placeOf(queueName);
        if (reference === null || place === null) others += 1;
        else own.push({ queueId, place, reference });
        return own.length > ownMax ? `the queue holds more than ${ownMax} mails of ours` : null;
      },
      () => (others += 1),
    );
    const why = await runCommand({
      file: join(commandDir, 'postqueue'),
      args: [...instance, '-j'],
      timeoutMs,
      onOutput: (chunk) => lines.push(chunk),
    });
    const wrong = why ?? lines.end();
    return wrong === null ? { kind: 'read', own, others } : { kind: 'unreadable', why: wrong };
  }

  function order(flag: '-h' | '-H'): QueueCommand['hold'] {
    const postsuper = [join(commandDir, 'postsuper'), ...instance, flag, '-'];
    const [file = '', ...args] = hold === 'sudo' ? ['/usr/bin/sudo', '-n', ...postsuper] : postsuper;
    return (queueIds) =>
      runCommand({
        file,
        args,
        input: queueIds.map((queueId) => `${queueId}\n`).join(''),
        timeoutMs,
        onOutput: () => null,
      });
  }

  return { read, command: hold === 'no' ? null : { hold: order('-h'), release: order('-H') } };
}

/** Null for what goes nowhere any more (`corrupt`). */
function placeOf(queueName: string): QueuedMail['place'] | null {
  switch (queueName) {
    case 'maildrop':
    case 'incoming':
    case 'active':
      return 'waiting';
    case 'deferred':
      return 'deferred';
    case 'hold':
      return 'on-hold';
    default:
      return null;
  }
}
