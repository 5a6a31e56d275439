import { generateKeyPairSync, sign } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import type { Config } from '../../src/config/config.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { makeFeedbackWebhooks } from '../../src/main/feedback-webhooks.ts';
import { noticeHeadersFor } from '../../src/main/feedback-channels.ts';
import { makeLogger } from '../../src/adapters/log/logger.ts';
import { fakeServices, rememberingLog } from '../http/fake-services.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { makeSelfSigned } from '../support/self-signed.ts';

const campaign = withCampaign();
const now = new Date('2026-11-23T05:00:00Z');
const topic = 'arn:aws:sns:eu-central-1:123456789012:bounces';
const certificateUrl =
  'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem';
const login = 'allclear:a password of many letters';
const amazon = makeSelfSigned({
  name: 'sns.amazonaws.com',
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
});
const sendgrid = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const settings = {
  feedbackSmtpPort: null,
  feedbackSesTopic: topic,
  feedbackPostmarkLogin: login,
  feedbackSendgridKey: sendgrid.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
} as const;
const nothing = {
  feedbackSmtpPort: null,
  feedbackSesTopic: null,
  feedbackPostmarkLogin: null,
  feedbackSendgridKey: null,
};

/** Addresses that were fetched. */
const fetched: string[] = [];
let app: ReturnType<typeof makeHttpApp>;

beforeAll(() => {
  app = appWith(settings);
});

function appWith(config: Partial<Config>): ReturnType<typeof makeHttpApp> {
  const feedback = makeFeedbackWebhooks(
    {
      config: config as Config,
      store: { transact: (work) => campaign().store.transact(work) },
      log: makeLogger({ name: 'test', level: 'silent' }),
      clock: { now: () => now, monotonicMs: () => 0 },
      addressKey: (address) => `key of ${address}`,
    },
    (url) => {
      fetched.push(url);
      return Promise.resolve(url === certificateUrl ? amazon.cert : '<ConfirmSubscriptionResponse/>');
    },
  );
  return makeHttpApp(fakeServices({ feedback }), { log: rememberingLog() });
}

function post(provider: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return Promise.resolve(app.request(`/feedback/${provider}`, { method: 'POST', body, headers }));
}

async function told(
  states: readonly DeliveryState[],
): Promise<{ readonly plan: PlanId; readonly numbers: readonly string[] }> {
  const c = campaign();
  const { plan, rollout } = await c.begun([await c.leaked(c.holders(states.length))]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, states);
  const members = await c.store.transact((tx) => tx.rollouts.mailMembers(rollout, 'tell', 0, states.length));
  return { plan: plan.id, numbers: members.map((member) => member.noticeNumber) };
}

async function countsOf(plan: PlanId): Promise<Readonly<Record<string, number>>> {
  const { tracks } = await readRolloutStatus(campaign().deps, plan);
  return tracks.find((track) => track.track === 'tell')?.counts ?? {};
}

/** A post of SNS, signed by whoever holds the key. */
function sns(fields: Readonly<Record<string, string>>, over: Readonly<Record<string, string>> = {}): string {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: topic,
    Timestamp: '2026-11-23T04:59:00.000Z',
    SignatureVersion: '2',
    SigningCertURL: certificateUrl,
    ...fields,
  };
  const names =
    message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names.map((name) => (message[name] === undefined ? '' : `${name}\n${message[name]}\n`)).join('');
  const digest = message['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  return JSON.stringify({
    ...message,
    Signature: sign(digest, Buffer.from(text), amazon.key).toString('base64'),
    ...over,
  });
}

function sesBounce(number: string, over: object = {}, key = 'notificationType'): string {
  return JSON.stringify({
    [key]: 'Bounce',
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'somebody@mail.test', status: '5.1.1', action: 'failed' }],
      timestamp: '2026-11-23T04:58:00.000Z',
      ...over,
    },
    mail: {
      messageId: '00000138111222aa-33322211',
      headers: [
        { name: 'From', value: 'x' },
        { name: 'X-Allclear-Notice', value: number },
      ],
    },
  });
}

describe('Amazon SES through SNS', () => {
  test('tells of a bounce and of a complaint, once each, however often it is posted', async () => {
    const { plan, numbers } = await told(['accepted', 'unknown', 'accepted']);
    const [one = '', two = '', three = ''] = numbers;
    for (const body of [
      sns({ Message: sesBounce(one) }),
      sns({ Message: sesBounce(one), SignatureVersion: '1', Subject: 'a subject' }),
      sns({ Message: sesBounce(two, {}, 'eventType') }),
      sns({
        Message: JSON.stringify({
          notificationType: 'Complaint',
          complaint: { complaintFeedbackType: 'abuse' },
          mail: { headers: [{ name: 'x-allclear-notice', value: three }] },
        }),
      }),
    ]) {
      const answer = await post('ses', body);
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'taken' }]);
    }
    expect(await countsOf(plan)).toEqual({ bounced: 2, complained: 1 });
    // One certificate is fetched once, from Amazon's own host.
    expect(new Set(fetched)).toEqual(new Set([certificateUrl]));
    expect(fetched).toHaveLength(1);
  });

  test('is believed only for its own topic, its own host and an untouched body, and refused without a word why', async () => {
    const { plan, numbers } = await told(['accepted']);
    const Message = sesBounce(numbers[0] ?? '');
    const other = makeSelfSigned({ name: 'x', notBefore: new Date(0), notAfter: new Date('2030-01-01') });
    const forged: Readonly<Record<string, string>> = {
      'another topic': sns({ Message, TopicArn: topic.replace('bounces', 'others') }),
      'another host': sns({
        Message,
        SigningCertURL:
          'https://sns.eu-central-1.amazonaws.com.evil.test/SimpleNotificationService-0123456789abcdef.pem',
      }),
      'another region': sns({ Message, SigningCertURL: certificateUrl.replace('eu-central-1', 'us-east-1') }),
      'plain http': sns({ Message, SigningCertURL: certificateUrl.replace('https', 'http') }),
      'another file of the host': sns({
        Message,
        SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/?Action=Publish',
      }),
      'a user in the address': sns({ Message, SigningCertURL: certificateUrl.replace('https://', 'https://x@') }),
      'a changed message': sns({ Message }, { Message: Message.replace('5.1.1', '5.1.2') }),
      'a signature of somebody': sns(
        { Message },
        { Signature: sign('sha256', Buffer.from(Message), other.key).toString('base64') },
      ),
      'no signature': sns({ Message }, { Signature: '' }),
      'another version': sns({ Message, SignatureVersion: '3' }),
      'a type of its prototype': sns({ Message, Type: 'constructor' }),
      'no JSON': 'Message=x',
      'another shape': '[1, 2]',
    };
    for (const [what, body] of Object.entries(forged)) {
      const answer = await post('ses', body);
      expect([answer.status, await answer.text()], what).toEqual([403, '{"status":"refused"}']);
    }
    expect(fetched.filter((url) => url !== certificateUrl)).toEqual([]);
    expect(await countsOf(plan)).toEqual({ accepted: 1 });
  });

  test('asks for a confirmation, which goes to Amazon for the configured topic and nowhere else', async () => {
    const fields = {
      Type: 'SubscriptionConfirmation',
      Message: 'You have chosen to subscribe',
      Token: 't'.repeat(400),
    };
    expect((await post('ses', sns({ ...fields, SubscribeURL: 'https://evil.test/' }))).status).toBe(200);
    expect(fetched.at(-1)).toBe(
      `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(topic)}&Token=${'t'.repeat(400)}`,
    );
    const before = fetched.length;
    expect((await post('ses', sns({ ...fields, SubscribeURL: 'x', TopicArn: `${topic}2` }))).status).toBe(403);
    expect(fetched).toHaveLength(before);
  });

  test('that speaks of several people, or of a mail without our header, is about nobody', async () => {
    const { plan, numbers } = await told(['accepted']);
    const recipient = { emailAddress: 'x@y.test', status: '5.1.1', action: 'failed' };
    await post('ses', sns({ Message: sesBounce(numbers[0] ?? '', { bouncedRecipients: [recipient, recipient] }) }));
    await post('ses', sns({ Message: sesBounce('') }));
    await post('ses', sns({ Message: 'not json' }));
    expect(await countsOf(plan)).toEqual({ accepted: 1 });
  });

  test('calls no certificate good whose time is over, and is made to fetch no more than a few', async () => {
    const late = makeFeedbackWebhooks(
      {
        config: settings as unknown as Config,
        store: campaign().store,
        log: makeLogger({ name: 'test', level: 'silent' }),
        clock: { now: () => new Date('2027-06-01T00:00:00Z'), monotonicMs: () => 0 },
        addressKey: (address) => address,
      },
      () => {
        fetches += 1;
        return Promise.resolve(amazon.cert);
      },
    );
    let fetches = 0;
    for (let each = 0; each < 20; each += 1) {
      const url = certificateUrl.replace('.pem', `${each.toString(16).padStart(2, '0')}.pem`);
      const body = Buffer.from(sns({ Message: 'x', SigningCertURL: url }));
      expect(await late.ses?.({ body, header: () => '' })).toBe('refused');
    }
    expect(fetches).toBeLessThanOrEqual(6);
  });
});

describe('Postmark', () => {
  const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const record = (notice: string, over: object = {}): string =>
    JSON.stringify({ RecordType: 'Bounce', Type: 'HardBounce', MessageID: 'm', Metadata: { notice }, ...over });

  test('tells of what came back by its own login, and of nothing by another', async () => {
    const { plan, numbers } = await told(['accepted', 'accepted', 'unknown', 'accepted']);
    const [one = '', two = '', three = '', four = ''] = numbers;
    for (const wrong of [{}, { authorization: 'Basic x' }, { authorization: `${headers.authorization}=` }]) {
      const answer = await post('postmark', record(one), wrong);
      expect([answer.status, await answer.text()]).toEqual([403, '{"status":"refused"}']);
    }
    expect(await countsOf(plan)).toEqual({ accepted: 3, unknown: 1 });
    for (const body of [
      record(one),
      record(one),
      record(two, { RecordType: 'SpamComplaint', Type: 'SpamComplaint' }),
      record(three, { RecordType: 'Delivery' }),
      record(four, { Type: 'AutoResponder' }),
      record(four, { Type: 'Transient' }),
      record(four, { Type: 'Subscribe' }),
      record(four, { Type: 'toString' }),
    ])
      expect((await post('postmark', body, headers)).status).toBe(200);
    expect(await countsOf(plan)).toEqual({ bounced: 1, complained: 1, accepted: 2 });
  });
});

describe('SendGrid', () => {
  const event = (notice: string, over: object = {}): object => ({
    event: 'bounce',
    type: 'bounce',
    status: '5.1.1',
    timestamp: 1_795_400_000,
    sg_message_id: 'm',
    allclear_notice: notice,
    ...over,
  });

  function signed(body: string, at = now, key = sendgrid.privateKey): Readonly<Record<string, string>> {
    const timestamp = String(Math.floor(at.getTime() / 1_000));
    return {
      'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', Buffer.from(timestamp + body), key).toString('base64'),
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    };
  }

  test('tells of many mails at once, signed by its key, just now, over these very bytes', async () => {
    const { plan, numbers } = await told(['accepted', 'accepted', 'accepted', 'unknown']);
    const [one = '', two = '', three = '', four = ''] = numbers;
    const body = JSON.stringify([
      event(one),
      event(two, { event: 'spamreport' }),
      event(three, { event: 'deferred', status: undefined }),
      event(four, { event: 'delivered' }),
      event('no number'),
      event(three, { event: 'open' }),
      42,
    ]);
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    for (const headers of [
      {},
      signed(`${body} `),
      signed(body, new Date(now.getTime() - 3_600_000)),
      signed(body, now, stranger),
      { ...signed(body), 'X-Twilio-Email-Event-Webhook-Timestamp': '1' },
    ]) {
      const answer = await post('sendgrid', body, headers);
      expect([answer.status, await answer.text()]).toEqual([403, '{"status":"refused"}']);
    }
    expect(await countsOf(plan)).toEqual({ accepted: 3, unknown: 1 });
    expect((await post('sendgrid', body, signed(body))).status).toBe(200);
    expect((await post('sendgrid', body, signed(body))).status).toBe(200);
    expect(await countsOf(plan)).toEqual({ bounced: 1, complained: 1, accepted: 2 });
  });

  test('comes again with all of it while the range of one mail is not settled', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(1))]);
    await c.contain(plan.id, rollout);
    const taken = await c.take(rollout, 'tell');
    const [member] = await c.store.transact((tx) => tx.rollouts.mailMembers(rollout, 'tell', 0, 1));
    const body = JSON.stringify([event(member?.noticeNumber ?? '')]);
    const answer = await post('sendgrid', body, signed(body));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('60');
    await c.answer(taken, ['accepted']);
    expect((await post('sendgrid', body, signed(body))).status).toBe(200);
    expect(await countsOf(plan.id)).toEqual({ bounced: 1 });
  });
});

test('an address of a provider that is not configured is not there, and a body without end is not read', async () => {
  const bare = appWith(nothing);
  for (const provider of ['ses', 'postmark', 'sendgrid', 'nobody']) {
    const answer = await bare.request(`/feedback/${provider}`, { method: 'POST', body: '{}' });
    expect([provider, answer.status]).toEqual([provider, 404]);
  }
  expect((await post('ses', 'x'.repeat(1_100_000))).status).toBe(413);
  expect((await app.request('/feedback/ses')).status).toBe(404);
});

test('our mails name the notice to each configured provider in the header that its events repeat, and to no other', async () => {
  const template = {
    from: { name: 'Chirp', address: 'security@chirp.test' },
    subject: 'words',
    text: ['words'],
    html: ['<p>words</p>'],
    headers: {},
  };
  const person = {
    to: 'holder@mail.test',
    messageId: '<0@chirp.test>',
    date: now,
    noticeNumber: '8F3K-22QD-9PXA-77TR-C',
    slots: {},
  };
  const build = async (config: Partial<Config>) => {
    const message = await compileMessage({ ...template, noticeHeaders: noticeHeadersFor(config as Config) });
    return (await simpleParser(Buffer.from(message.build(person)))).headers;
  };
  const headers = await build(settings);
  expect(headers.get('x-allclear-notice')).toBe(person.noticeNumber);
  expect(headers.get('x-pm-metadata-notice')).toBe(person.noticeNumber);
  expect(JSON.parse(String(headers.get('x-smtpapi')))).toEqual({
    unique_args: { allclear_notice: person.noticeNumber },
  });
  const bare = await build(nothing);
  expect([bare.has('x-pm-metadata-notice'), bare.has('x-smtpapi')]).toEqual([false, false]);
});
