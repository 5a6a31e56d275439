import { randomBytes } from 'node:crypto';
import { escapeHtml } from '../../app/notice/escape-html.ts';
import type { HolderMail, HolderMailer, HolderMailOutcome } from '../../app/ports/holder-mailer.ts';
import type { HolderAddress, HolderTransport, SendOutcome } from '../../app/ports/holder-transport.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { compileMessage } from './compile-message.ts';
import type { MailerFacts } from './inspect-mailer.ts';

export interface HolderMailerOptions {
  /** Of its own: neither its connections nor its pauses are those of a rollout. */
  readonly transport: HolderTransport;
  readonly from: { readonly name: string; readonly address: string };
  readonly returnPath: (reference: string) => string;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  /** Greets the mail server and says goodbye. */
  readonly inspect: () => Promise<MailerFacts>;
  /** Whether everything of this host is halted; looked at just before the final dot. */
  readonly isHalted: () => boolean;
}

/** So often at most is a mail server greeted to see whether it is there. */
const freshMs = 5_000;
const tagBytes = 16;

/** Mails that one holder asked for, each on its own: the stream `holder`, with no word of theirs in it. */
export function makeHolderMailer(options: HolderMailerOptions): HolderMailer {
  let seen: { readonly atMs: number; readonly isUp: Promise<boolean> } | null = null;
  const domain = options.from.address.slice(options.from.address.lastIndexOf('@') + 1);
  return {
    isUp() {
      const nowMs = options.monotonicMs();
      if (seen === null || nowMs - seen.atMs > freshMs)
        seen = {
          atMs: nowMs,
          isUp: options.inspect().then(
            ({ kind }) => kind === 'open',
            () => false,
          ),
        };
      return seen.isUp;
    },
    async send(mail) {
      const content = await build(options, mail, domain);
      const outcome = await options.transport.send(
        { envelopeFrom: options.returnPath(mail.reference), envelopeTo: mail.to as HolderAddress, content },
        () => !options.isHalted(),
      );
      return wordOf(outcome);
    },
    close: () => options.transport.close(),
  };
}

async function build({ from, now }: HolderMailerOptions, mail: HolderMail, domain: string): Promise<Uint8Array> {
  const message = await compileMessage({
    from,
    subject: mail.subject,
    text: [mail.parts.map((part) => ('code' in part ? `    ${part.code}` : part.text)).join('\n\n'), '\n'],
    html: [
      `<!doctype html><html lang="${mail.language}"><body>`,
      ...mail.parts.map((part) =>
        'code' in part
          ? `<p><strong style="font:bold 1.5em monospace;letter-spacing:.1em">${escapeHtml(part.code)}</strong></p>`
          : `<p>${escapeHtml(part.text)}</p>`,
      ),
      '</body></html>',
    ],
    headers: { 'Feedback-ID': 'holder:allclear' },
  });
  return message.build({
    to: mail.to,
    messageId: `<${randomBytes(tagBytes).toString('hex')}@${domain}>`,
    date: now(),
    noticeNumber: mail.reference,
    slots: {},
  });
}

function wordOf(outcome: SendOutcome): HolderMailOutcome {
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
    case 'unknown':
      return outcome.kind;
    // Nobody tries these again: their reader asks for another code.
    case 'deferred':
    case 'released':
      return 'unsent';
    default:
      return assertNever(outcome);
  }
}
