import type { HolderTransport, SendOutcome } from '../../app/ports/holder-transport.ts';
import type { Metrics } from './metrics.ts';
import { receiverClassOf } from './receiver-class.ts';

/** The same transport; each mail is counted by its outcome and how far it came, and each final dot as it is allowed. */
export function measureTransport(transport: HolderTransport, metrics: Metrics): HolderTransport {
  const mails = metrics.tally('allclear_mails_total', 'Mails by outcome and by how far the SMTP dialogue came.', [
    'outcome',
    'phase',
  ]);
  const replies = metrics.tally(
    'allclear_mail_replies_total',
    'Replies of the mail server by the class of their code.',
    ['class'],
  );
  const deferrals = metrics.tally('allclear_mail_deferrals_total', 'Mails put off, by the receiver they were for.', [
    'receiver',
  ]);
  const refusals = metrics.tally('allclear_mail_refusals_total', 'Mails refused, by the receiver they were for.', [
    'receiver',
  ]);
  const dots = metrics.tally('allclear_dots_total', 'Final dots written: mails that can no longer be held back.');
  const seconds = metrics.timing('allclear_mail_seconds', 'From taking a mail up to its outcome.', ['outcome']);

  return {
    environment: transport.environment,
    close: () => transport.close(),
    async send(message, mayWriteDot, beforeDot) {
      const startedMs = performance.now();
      let wroteDot = false;
      const looked = (): boolean => {
        wroteDot = mayWriteDot();
        return wroteDot;
      };
      const sent = transport.send(message, looked, beforeDot);
      const outcome = await sent.finally(() => {
        if (wroteDot) dots.add();
      });
      mails.add({ outcome: outcome.kind, phase: phaseOf(outcome) });
      seconds.observe((performance.now() - startedMs) / 1_000, { outcome: outcome.kind });
      if ('code' in outcome) replies.add({ class: `${Math.floor(outcome.code / 100)}xx` });
      if (outcome.kind === 'deferred') deferrals.add({ receiver: receiverClassOf(message.envelopeTo) });
      if (outcome.kind === 'refused') refusals.add({ receiver: receiverClassOf(message.envelopeTo) });
      return outcome;
    },
  };
}

function phaseOf(outcome: SendOutcome): string {
  return outcome.kind === 'accepted' ? 'replied' : outcome.phase;
}
