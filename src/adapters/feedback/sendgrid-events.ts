import type { ProviderEvent } from '../../app/notice/take-events.ts';
import { bounceClassOf } from '../../domain/notice/bounce-class.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import { JsonReader } from './json-reader.ts';

/** SendGrid posts what gathered in some seconds. What is beyond is asked for by refusing the whole. */
export const sendgridEventsMax = 2_000;

/** Name of our argument; SendGrid gives it back in every event, at its top level. */
export const sendgridNoticeField = 'allclear_notice';

/** The events of one post of SendGrid's event webhook that speak of notices; null where it is no list or too long. */
export function readSendgridEvents(body: unknown): readonly ProviderEvent[] | null {
  if (!Array.isArray(body) || body.length > sendgridEventsMax) return null;
  return body.flatMap((item) => {
    const event = readOne(new JsonReader(item));
    return event === null ? [] : [event];
  });
}

function readOne(event: JsonReader): ProviderEvent | null {
  const notice = event.text(sendgridNoticeField);
  if (notice === null) return null;
  const status = event.text('status');
  const at = event.instant('timestamp');
  const said = { notice, class: null, status, providerId: event.text('sg_message_id'), at } as const;
  switch (event.text('event') ?? '') {
    case 'delivered':
      return { ...said, kind: 'delivered' };
    case 'deferred':
      return { ...said, kind: 'delayed' };
    case 'spamreport':
      return { ...said, kind: 'complained' };
    case 'bounce':
      return { ...said, kind: 'bounced', class: classOf(event.text('type'), status) };
    case 'dropped':
      return { ...said, kind: 'bounced', class: droppedClass(event.text('reason') ?? '') };
    default:
      return null;
  }
}

/** `blocked`: the receiver refused the sender, for now or for good. A status that blames the address is then a doubt. */
function classOf(type: string | null, status: string | null): BounceClass {
  const byStatus = bounceClassOf(status);
  return type === 'blocked' && byStatus === 'address' ? 'policy' : byStatus;
}

/** SendGrid did not try, for what it remembers of the address. */
function droppedClass(reason: string): BounceClass {
  return /^(bounced address|invalid)/i.test(reason) ? 'address' : 'policy';
}
