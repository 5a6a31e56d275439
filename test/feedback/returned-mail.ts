import { smtpDialogue } from '../embedded/smtp-dialogue.ts';

/** Mails as the world writes them when something of ours comes back. */

export interface DsnFacts {
  readonly to: string;
  readonly action?: string;
  readonly status?: string;
  readonly finalRecipient?: string;
  readonly originalRecipient?: string;
  readonly diagnostic?: string;
  readonly envelopeId?: string;
  /** The mail that is returned with it, whole. */
  readonly returned?: Buffer;
  /** Further groups of fields, one per recipient. */
  readonly more?: readonly string[];
}

/** RFC 3464, in the form that Postfix gives it. */
export function dsn(facts: DsnFacts): string {
  const { action = 'failed', status = '5.1.1', finalRecipient, originalRecipient, diagnostic, envelopeId } = facts;
  const recipient = [
    ...(finalRecipient === undefined ? [] : [`Final-Recipient: rfc822; ${finalRecipient}`]),
    ...(originalRecipient === undefined ? [] : [`Original-Recipient: rfc822;${originalRecipient}`]),
    `Action: ${action}`,
    ...(status === '' ? [] : [`Status: ${status}`]),
    'Remote-MTA: dns; mx.mail.test',
    ...(diagnostic === undefined ? [] : [`Diagnostic-Code: smtp; ${diagnostic}`]),
  ];
  return [
    'Return-Path: <>',
    'Date: Mon, 23 Nov 2026 05:00:00 +0000 (UTC)',
    'From: MAILER-DAEMON@mx.mail.test (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    `To: ${facts.to}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="8F2C41.1763/mx.mail.test"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--8F2C41.1763/mx.mail.test',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry to have to inform you that your message could not be delivered.',
    '',
    '--8F2C41.1763/mx.mail.test',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.mail.test',
    ...(envelopeId === undefined ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
    'Arrival-Date: Mon, 23 Nov 2026 04:59:00 +0000 (UTC)',
    '',
    ...recipient,
    ...(facts.more ?? []).flatMap((group) => ['', group]),
    '',
    '--8F2C41.1763/mx.mail.test',
    'Content-Description: Undelivered Message',
    'Content-Type: message/rfc822',
    '',
    facts.returned?.toString('latin1') ?? 'Subject: gone\r\n\r\ngone',
    '',
    '--8F2C41.1763/mx.mail.test--',
    '',
  ].join('\r\n');
}

/** RFC 5965, as a feedback loop sends it: the reader struck out, the reverse-path left. */
export function complaintReport(facts: {
  readonly from: string | null;
  readonly type?: string;
  readonly returned?: Buffer;
}): string {
  return [
    'From: <abusedesk@mail.test>',
    'Subject: FW: a notice',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d.2e68ed54"',
    '',
    '--part1_13d.2e68ed54',
    'Content-Type: text/plain; charset="US-ASCII"',
    '',
    'This is an email abuse report.',
    '--part1_13d.2e68ed54',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${facts.type ?? 'abuse'}`,
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    ...(facts.from === null ? [] : [`Original-Mail-From: <${facts.from}>`]),
    'Arrival-Date: Mon, 23 Nov 2026 04:00:00 GMT',
    '',
    '--part1_13d.2e68ed54',
    'Content-Type: message/rfc822',
    '',
    facts.returned?.toString('latin1') ?? 'Subject: a notice\r\n\r\nwords',
    '--part1_13d.2e68ed54--',
    '',
  ].join('\r\n');
}

/** RFC 3834: somebody is away. */
export function autoReply(to: string): string {
  return [
    'From: someone@mail.test',
    `To: ${to}`,
    'Subject: Out of office: undeliverable until Monday',
    'Auto-Submitted: auto-replied (vacation)',
    'Content-Type: text/plain',
    '',
    'I am away. 550 5.1.1 is the number of my room.',
    '',
  ].join('\r\n');
}

/** Hands a mail over as a receiving server would, and gives the answers to RCPT and to the final dot. */
export async function giveBack(
  port: number,
  to: string,
  mail: string,
  from = '',
): Promise<{ readonly rcpt: string; readonly dot: string | undefined }> {
  const stuffed = mail.replaceAll(/^\./gm, '..');
  const replies = await smtpDialogue(port, [
    'EHLO mx.mail.test\r\n',
    `MAIL FROM:<${from}>\r\n`,
    `RCPT TO:<${to}>\r\n`,
    'DATA\r\n',
    `${stuffed}\r\n.\r\n`,
    'QUIT\r\n',
  ]);
  return { rcpt: replies[3] ?? '', dot: replies[4]?.startsWith('354') === true ? replies[5] : undefined };
}
