import type { MailReport } from '../../app/notice/take-report.ts';
import { isEnhancedStatus } from '../../domain/notice/bounce-class.ts';
import { decodedBody, readFields, readMimePart, splitParts } from './mime-part.ts';
import type { MimePart } from './mime-part.ts';

/** A report with where the mail that it is about was to be returned to, for complaints that come to one address for all. */
export interface ReadReport {
  readonly report: MailReport;
  /** Of a complaint: the reverse-path that it repeats, which only its own HMAC vouches for. */
  readonly returnPath: string | null;
}

/** Groups of fields in a delivery status: one for the message and one per recipient. */
const groupsMax = 8;
const addressCharsMax = 320;

/**
 * Reads a mail that came to a return path: a delivery status (RFC 3464), a complaint (RFC 5965) or a machine's answer
 * (RFC 3834). Null for everything else: a person's answer, a bounce in no standard form, a mail that is cut off, or one
 * that says more than a report about one mail to one address can. Only the outermost structure counts: what a report
 * encloses was written by others.
 */
export function readReport(raw: Uint8Array): ReadReport | null {
  const mail = readMimePart(Buffer.from(raw).toString('latin1'));
  if (mail.type === 'multipart/report') {
    const parts = splitParts(mail);
    if (parts === null) return null;
    switch ((mail.params.get('report-type') ?? '').toLowerCase()) {
      case 'delivery-status':
        return deliveryReport(parts);
      case 'feedback-report':
        return complaint(parts);
      default:
        return null;
    }
  }
  return isAutoReply(mail) ? { report: { kind: 'auto-replied' }, returnPath: null } : null;
}

/** RFC 6522 section 3: the machine's part is the second, and there is one. RFC 6533 gives it another name. */
function onlyPart(parts: readonly MimePart[], types: readonly string[]): string | null {
  const found = parts.filter((part) => types.includes(part.type));
  const [only] = found;
  return only === undefined || found.length > 1 ? null : decodedBody(only);
}

function deliveryReport(parts: readonly MimePart[]): ReadReport | null {
  const body = onlyPart(parts, ['message/delivery-status', 'message/global-delivery-status']);
  if (body === null) return null;
  const groups = body
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n/, groupsMax)
    .filter((group) => group.trim() !== '')
    .map(readFields);
  // Each mail of ours has one recipient. A report on several is about a list that somebody forwards to, or a lie.
  const recipients = groups.filter((group) => group.has('action') || group.has('final-recipient'));
  const [recipient] = recipients;
  if (recipient === undefined || recipients.length > 1) return null;
  const status = statusOf(recipient);
  const kind = kindOf((recipient.get('action') ?? '').toLowerCase(), status);
  if (kind === null) return null;
  const ofMessage = groups[0];
  return {
    report: {
      kind,
      status,
      originalRecipient: addressOf(recipient.get('original-recipient')),
      finalRecipient: addressOf(recipient.get('final-recipient')),
      envelopeId: ofMessage?.get('original-envelope-id')?.slice(0, 100) ?? null,
    },
    returnPath: null,
  };
}

/** RFC 3464 section 2.3.3. An action that its own status contradicts says nothing. */
function kindOf(action: string, status: string | null): 'bounced' | 'delayed' | 'delivered' | null {
  const first = status?.charAt(0) ?? '';
  switch (action) {
    case 'failed':
      return first === '2' ? null : 'bounced';
    case 'delayed':
      return first === '2' || first === '5' ? null : 'delayed';
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return first === '2' || first === '' ? 'delivered' : null;
    default:
      return null;
  }
}

/** Many servers write 5.0.0 and put what they know into the diagnostic: the more exact of the two. */
function statusOf(recipient: ReadonlyMap<string, string>): string | null {
  const said = (recipient.get('status') ?? '').trim().split(/[\s(]/, 1)[0] ?? '';
  const isExact = isEnhancedStatus(said) && !said.endsWith('.0.0');
  if (isExact) return said;
  const diagnostic = (recipient.get('diagnostic-code') ?? '').slice(0, 1_000);
  const [inDiagnostic] = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(diagnostic) ?? [];
  if (inDiagnostic !== undefined && isEnhancedStatus(inDiagnostic)) {
    // A failure whose diagnostic quotes a passing status is still the failure that it says it is.
    if (!isEnhancedStatus(said) || said.charAt(0) === inDiagnostic.charAt(0)) return inDiagnostic;
  }
  return isEnhancedStatus(said) ? said : null;
}

/** `rfc822; somebody@example.com` (RFC 3464 section 2.3.1), with or without angle brackets. */
function addressOf(field: string | undefined): string | null {
  if (field === undefined) return null;
  const address = field
    .slice(field.indexOf(';') + 1)
    .trim()
    .replace(/^<(.*)>$/, '$1');
  return address.includes('@') && address.length <= addressCharsMax ? address : null;
}

/** RFC 5965 section 3.1 and RFC 6430: `not-spam` takes a complaint back, and authentication reports are none. */
const complaintTypes: readonly string[] = ['abuse', 'fraud', 'virus', 'other', 'opt-out'];

function complaint(parts: readonly MimePart[]): ReadReport | null {
  const body = onlyPart(parts, ['message/feedback-report']);
  if (body === null) return null;
  const fields = readFields(body);
  if (!complaintTypes.includes((fields.get('feedback-type') ?? '').toLowerCase())) return null;
  return { report: { kind: 'complained' }, returnPath: returnPathOf(fields) ?? enclosedReturnPath(parts) };
}

function returnPathOf(fields: ReadonlyMap<string, string>): string | null {
  const path = fields.get('original-mail-from') ?? fields.get('return-path');
  return path === undefined
    ? null
    : path
        .trim()
        .replace(/^<(.*)>$/, '$1')
        .slice(0, addressCharsMax);
}

/** Senders of complaints strike out the reader, and mostly leave the reverse-path that the enclosed mail came with. */
function enclosedReturnPath(parts: readonly MimePart[]): string | null {
  const enclosed = parts.find((part) => part.type === 'message/rfc822' || part.type === 'text/rfc822-headers');
  const body = enclosed === undefined ? null : decodedBody(enclosed);
  return body === null ? null : returnPathOf(readMimePart(body).headers);
}

/** RFC 3834 section 5, and what machines wrote before it. */
function isAutoReply({ headers }: MimePart): boolean {
  const submitted = (headers.get('auto-submitted') ?? 'no').toLowerCase();
  if (submitted !== 'no' && !submitted.startsWith('no;') && !submitted.startsWith('no ')) return true;
  const precedence = (headers.get('precedence') ?? '').toLowerCase();
  return headers.has('x-autoreply') || headers.has('x-autorespond') || precedence === 'auto_reply';
}
