import type { ProviderEvent } from '../../app/notice/take-events.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import { JsonReader } from './json-reader.ts';

/** Of Postmark's bounce types those that say that the mail did not arrive, and what each is about. */
const bounceTypes: Readonly<Record<string, BounceClass>> = {
  HardBounce: 'address',
  BadEmailAddress: 'address',
  ManuallyDeactivated: 'address',
  SoftBounce: 'mailbox',
  DnsError: 'transient',
  Blocked: 'policy',
  SpamNotification: 'policy',
  VirusNotification: 'policy',
  DMARCPolicy: 'policy',
  Unknown: 'unclear',
};

/** Name of our metadata; Postmark gives it back with every event. */
export const postmarkNoticeField = 'notice';

/** One webhook of Postmark. Null for other records, and for those without our metadata. */
export function readPostmarkEvent(body: unknown): ProviderEvent | null {
  const record = new JsonReader(body);
  const notice = record.object('Metadata').text(postmarkNoticeField);
  if (notice === null) return null;
  const said = { notice, class: null, status: null, providerId: record.text('MessageID') } as const;
  switch (record.text('RecordType') ?? '') {
    case 'Delivery':
      return { ...said, kind: 'delivered', at: record.instant('DeliveredAt') };
    case 'SpamComplaint':
      return { ...said, kind: 'complained', at: record.instant('BouncedAt') };
    case 'Bounce':
      return bounceOf(record, said);
    default:
      return null;
  }
}

function bounceOf(record: JsonReader, said: Omit<ProviderEvent, 'kind' | 'at'>): ProviderEvent | null {
  const type = record.text('Type') ?? '';
  const at = record.instant('BouncedAt');
  if (type === 'Transient') return { ...said, kind: 'delayed', at };
  if (type === 'AutoResponder') return { ...said, kind: 'auto-replied', at };
  if (type === 'SpamComplaint') return { ...said, kind: 'complained', at };
  const bounce = Object.hasOwn(bounceTypes, type) ? bounceTypes[type] : undefined;
  return bounce === undefined ? null : { ...said, kind: 'bounced', class: bounce, at };
}
