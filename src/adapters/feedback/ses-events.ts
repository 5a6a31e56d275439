import type { ProviderEvent } from '../../app/notice/take-events.ts';
import { bounceClassOf } from '../../domain/notice/bounce-class.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import { JsonReader } from './json-reader.ts';

const headersMax = 100;
const noticeHeader = 'x-allclear-notice';

/**
 * The message of a notification by Amazon SES (`notificationType`) or of its event publishing (`eventType`). The notice is
 * named by our own header, which SES repeats: it writes a Message-ID and a return path of its own. Null for other events,
 * and for those without our header.
 */
export function readSesEvent(message: unknown): ProviderEvent | null {
  const event = new JsonReader(message);
  const mail = event.object('mail');
  const header = mail.list('headers', headersMax).find((one) => one.text('name')?.toLowerCase() === noticeHeader);
  const notice = header?.text('value') ?? null;
  if (notice === null) return null;
  const said = { notice, class: null, status: null, providerId: mail.text('messageId') } as const;
  switch (event.text('notificationType') ?? event.text('eventType') ?? '') {
    case 'Bounce':
      return bounceOf(event.object('bounce'), said);
    case 'Complaint':
      return complaintOf(event.object('complaint'), said);
    case 'Delivery':
      return { ...said, kind: 'delivered', at: event.object('delivery').instant('timestamp') };
    case 'DeliveryDelay':
      return { ...said, kind: 'delayed', at: event.object('deliveryDelay').instant('timestamp') };
    case 'Reject':
      return { ...said, kind: 'bounced', class: 'policy', at: null };
    default:
      return null;
  }
}

function bounceOf(bounce: JsonReader, said: Omit<ProviderEvent, 'kind' | 'at'>): ProviderEvent | null {
  // Each mail of ours has one recipient.
  const [recipient, another] = bounce.list('bouncedRecipients', 2);
  if (recipient === undefined || another !== undefined) return null;
  const status = recipient.text('status');
  const kind = recipient.text('action')?.toLowerCase() === 'delayed' ? 'delayed' : 'bounced';
  const bounceClass = classOf(bounce.text('bounceType'), bounce.text('bounceSubType'), status);
  return { ...said, kind, class: kind === 'bounced' ? bounceClass : null, status, at: bounce.instant('timestamp') };
}

function classOf(type: string | null, subType: string | null, status: string | null): BounceClass {
  if (subType === 'MailboxFull') return 'mailbox';
  if (subType === 'ContentRejected' || subType === 'AttachmentRejected' || subType === 'MessageTooLarge')
    return 'policy';
  if (type === 'Transient') return 'transient';
  const byStatus = bounceClassOf(status);
  if (type !== 'Permanent') return byStatus;
  return byStatus === 'unclear' ? 'address' : byStatus;
}

function complaintOf(complaint: JsonReader, said: Omit<ProviderEvent, 'kind' | 'at'>): ProviderEvent | null {
  const at = complaint.instant('timestamp');
  // SES held the mail back for an older complaint: nobody got it.
  if (complaint.text('complaintSubType') === 'OnAccountSuppressionList')
    return { ...said, kind: 'bounced', class: 'policy', at };
  return complaint.text('complaintFeedbackType') === 'not-spam' ? null : { ...said, kind: 'complained', at };
}
