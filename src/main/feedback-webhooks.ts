import { timingSafeEqual } from 'node:crypto';
import { digests } from '../adapters/crypto/digests.ts';
import { fetchPinned } from '../adapters/feedback/fetch-pinned.ts';
import { parseJson } from '../adapters/feedback/json-reader.ts';
import { readPostmarkEvent } from '../adapters/feedback/postmark-events.ts';
import { readSendgridEvents } from '../adapters/feedback/sendgrid-events.ts';
import { readSesEvent } from '../adapters/feedback/ses-events.ts';
import { makeSendgridVerifier } from '../adapters/feedback/verify-sendgrid.ts';
import { makeSnsVerifier, snsHostOf } from '../adapters/feedback/verify-sns.ts';
import { takeEvents } from '../app/notice/take-events.ts';
import type { ProviderEvent } from '../app/notice/take-events.ts';
import type { FeedbackSource } from '../domain/notice/feedback.ts';
import type { FeedbackPost, Services } from '../http/services.ts';
import type { Installation } from './installation.ts';

type Taken = 'taken' | 'refused' | 'later';
type Webhooks = Services['feedback'];

/** What takes the webhooks of mail providers, each proved in its own way; null for those that are not configured. */
export function makeFeedbackWebhooks(
  installation: Pick<Installation, 'config' | 'store' | 'log' | 'clock' | 'addressKey'>,
  fetchText: (url: string) => Promise<string> = fetchPinned,
): Webhooks {
  const { config, store, log, clock, addressKey } = installation;

  async function record(source: FeedbackSource, events: readonly ProviderEvent[]): Promise<Taken> {
    const taken = await takeEvents({ store, addressKey }, source, events);
    log.info({ source, events: events.length, ...taken }, 'a mail provider told what became of mails');
    if (taken.contradictions > 0)
      log.error(
        { source },
        'mails that our rows call unsent were delivered: this database may be older than the world',
      );
    return taken.notYet > 0 ? 'later' : 'taken';
  }

  function ses(topic: string): (post: FeedbackPost) => Promise<Taken> {
    const verify = makeSnsVerifier({ topic, fetchText, now: () => clock.now() });
    return async ({ body }) => {
      const posted = await verify(Buffer.from(body).toString('utf8'));
      if (posted === null) return 'refused';
      if (posted.type === 'UnsubscribeConfirmation') {
        log.error({ source: 'ses' }, 'the SNS topic does not tell of bounces any more: subscribe it again');
        return 'taken';
      }
      if (posted.type === 'SubscriptionConfirmation') return confirm(topic, posted.token ?? '');
      const event = readSesEvent(parseJson(posted.message));
      return record('ses', event === null ? [] : [event]);
    };
  }

  /** Amazon signed the question for the one topic that is configured. The address is ours, not the one that it names. */
  async function confirm(topic: string, token: string): Promise<Taken> {
    const url = new URL(`https://${snsHostOf(topic)}/`);
    url.search = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topic, Token: token }).toString();
    try {
      await fetchText(url.href);
      log.info({ source: 'ses' }, 'the subscription of the configured SNS topic was confirmed');
      return 'taken';
    } catch (error) {
      log.warn(
        { source: 'ses', err: error },
        'the subscription of the SNS topic could not be confirmed; SNS asks again',
      );
      return 'later';
    }
  }

  function postmark(login: string): (post: FeedbackPost) => Promise<Taken> {
    const expected = `Basic ${Buffer.from(login, 'utf8').toString('base64')}`;
    return async ({ body, header }) => {
      if (!isSame(header('authorization'), expected)) return 'refused';
      const event = readPostmarkEvent(parseJson(Buffer.from(body).toString('utf8')));
      return record('postmark', event === null ? [] : [event]);
    };
  }

  function sendgrid(key: string): (post: FeedbackPost) => Promise<Taken> {
    const verify = makeSendgridVerifier(key, () => clock.now());
    return async ({ body, header }) => {
      const signature = header('x-twilio-email-event-webhook-signature');
      if (!verify(body, signature, header('x-twilio-email-event-webhook-timestamp'))) return 'refused';
      const events = readSendgridEvents(parseJson(Buffer.from(body).toString('utf8')));
      return events === null ? 'refused' : record('sendgrid', events);
    };
  }

  return {
    ses: config.feedbackSesTopic === null ? null : ses(config.feedbackSesTopic),
    postmark: config.feedbackPostmarkLogin === null ? null : postmark(config.feedbackPostmarkLogin),
    sendgrid: config.feedbackSendgridKey === null ? null : sendgrid(config.feedbackSendgridKey),
  };
}

/** In constant time: of digests, which have one length. */
function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(digests.sha256(left)), Buffer.from(digests.sha256(right)));
}
