import { makePostfixQueue } from '../adapters/mail/queue/postfix-queue.ts';
import { readReturnPath } from '../adapters/mail/return-path.ts';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import type { KeyRing } from '../adapters/seal/key-ring.ts';
import type { MailQueueWatch, WatchMailQueueDeps } from '../app/notice/watch-mail-queue.ts';
import type { HolderTransport } from '../app/ports/holder-transport.ts';
import type { MailQueue } from '../app/ports/mail-queue.ts';
import type { Config } from '../config/config.ts';
import { returnPathSettings } from './mail-identity.ts';

/** The queue of the mail server beside us; null where nothing says how to look into it. */
export function openMailQueue(config: Config, keys: KeyRing): MailQueue | null {
  if (config.mailQueue === 'none') return null;
  const settings = returnPathSettings({ ...config, keys });
  return makePostfixQueue({
    commandDir: config.mailQueueCommandDir,
    configDir: config.mailQueueConfigDir,
    hold: config.mailQueueHold,
    readReference: (sender) => {
      const read = readReturnPath(settings, sender);
      return read.kind === 'genuine' ? read.reference : null;
    },
  });
}

/** The same transport; each mail that is, or may be, with the mail server is counted as lying in its queue. */
export function countIntoQueue(
  transport: HolderTransport,
  watch: Pick<MailQueueWatch, 'noteHandedOver'>,
): HolderTransport {
  return {
    environment: transport.environment,
    close: () => transport.close(),
    async send(message, mayWriteDot) {
      const outcome = await transport.send(message, mayWriteDot);
      if (outcome.kind === 'accepted' || outcome.kind === 'unknown') watch.noteHandedOver();
      return outcome;
    },
  };
}

/** The queue of this host's mail server as figures. */
export function showQueue(metrics: Metrics): NonNullable<WatchMailQueueDeps['onLook']> {
  const depth = metrics.level('allclear_mail_queue', 'Mails that the mail server of this host still holds.', ['place']);
  const cap = metrics.level('allclear_mail_queue_cap', 'Mails of ours waiting there above which none are added.');
  const readable = metrics.level('allclear_mail_queue_readable', '1 where its queue could be read at the last look.');
  const held = metrics.level('allclear_mail_queue_held', '1 while no ordinary notice is handed over for it.');
  return (level) => {
    const isRead = level.readError === null;
    readable.set(Number(isRead));
    cap.set(level.cap);
    held.set(Number(level.holdReason !== null));
    // A depth that is not known is shown as none, never as zero.
    depth.clear();
    if (!isRead) return;
    depth.set(level.waiting, { place: 'waiting' });
    depth.set(level.deferred, { place: 'deferred' });
    depth.set(level.onHold, { place: 'on-hold' });
    depth.set(level.others, { place: 'others' });
  };
}
