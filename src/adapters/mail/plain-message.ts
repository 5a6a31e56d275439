import MailComposer from 'nodemailer/lib/mail-composer';

export interface PlainMessage {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly date: Date;
  /** Names the stream to a receiver that sorts by it; no holder's mail has it. */
  readonly feedbackId: string;
}

/** A mail of plain text alone, to one of our own people: no HTML, no link that acts, nothing to load. */
export async function composePlainMessage(message: PlainMessage): Promise<Uint8Array> {
  const composer = new MailComposer({
    from: message.from,
    to: { name: '', address: message.to },
    subject: message.subject,
    messageId: message.messageId,
    date: message.date,
    text: message.text,
    headers: { 'Auto-Submitted': 'auto-generated', 'Feedback-ID': message.feedbackId },
    textEncoding: 'quoted-printable',
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
