import { simpleParser } from 'mailparser';

/** One mail as it arrived. Nothing of it is interpreted until somebody looks. */
export interface MailboxMessage {
  /** Counts up from 1 in order of arrival; never used twice while the mailbox runs. */
  readonly id: number;
  /** Envelope sender; empty for the null reverse-path `<>`. */
  readonly from: string;
  /** Envelope recipients, in the order of their RCPT commands. */
  readonly to: readonly string[];
  /** The message as written between DATA and the final dot, dot-stuffing undone. */
  readonly raw: Buffer;
  readonly arrivedAt: Date;
}

export interface ParsedMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
  /** Each header line as it stands, unfolded, in order. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** Reads the MIME structure (RFC 5322, RFC 2045). Costs about a millisecond, so it is done on demand and not kept. */
export async function parseMessage(message: MailboxMessage): Promise<ParsedMessage> {
  const mail = await simpleParser(message.raw, { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true });
  return {
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html === false ? undefined : mail.html,
    headers: mail.headerLines.map(({ line }) => {
      const colon = line.indexOf(':');
      return {
        name: line.slice(0, colon),
        value: line
          .slice(colon + 1)
          .replaceAll(/\r?\n/g, '')
          .trim(),
      };
    }),
  };
}
