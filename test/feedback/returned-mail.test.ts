import { connect } from 'node:net';
import { once } from 'node:events';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import { makeAddressKeys } from '../../src/adapters/feedback/address-key.ts';
import { complaintsReference, startFeedbackListener } from '../../src/adapters/feedback/smtp-listener.ts';
import { makeReturnPath, readReturnPath } from '../../src/adapters/mail/return-path.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { explain } from '../../src/app/explain/explain.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import { takeReport } from '../../src/app/notice/take-report.ts';
import type { MailReport, TakenReport } from '../../src/app/notice/take-report.ts';
import { feedbackSensor } from '../../src/app/rollout/judge-returned.ts';
import { enterHalt } from '../../src/app/rollout/halt-rollout.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { makeMailIdentity, returnPathSettings } from '../../src/main/mail-identity.ts';
import { aSink, aTransport, patientLimits } from '../mail/fixture.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import type { SinkOptions, SmtpSink, TakenMessage } from '../support/smtp-sink.ts';
import { noRates } from '../support/no-rates.ts';
import { autoReply, complaintReport, dsn, giveBack } from './returned-mail.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const mailFrom = 'Chirp <notices@chirp.test>';
const addressKey = makeAddressKeys(Buffer.alloc(32, 3));
let world: RolloutWorld;
let port: number;
/** What each mail that came back was taken for. */
const taken: { readonly reference: string; readonly report: MailReport; readonly as: TakenReport }[] = [];
let returnPath: ReturnType<typeof returnPathSettings>;

beforeAll(async () => {
  world = await openWorld({ hasFeedback: true });
  returnPath = returnPathSettings({ mailFrom, returnPathDomain: null, keys: world.keys });
  const listener = await startFeedbackListener({
    host: '127.0.0.1',
    port: 0,
    readReference: (address) => {
      const read = readReturnPath(returnPath, address);
      return read.kind === 'genuine' ? read.reference : null;
    },
    onReport: async (reference, report) => {
      const as = await takeReport({ store: world.store, addressKey }, reference, report);
      taken.push({ reference, report, as });
      return as.kind === 'not-yet' ? 'later' : 'taken';
    },
    warn: (message) => world.warnings.push(message),
  });
  port = listener.port;
  return async () => {
    await listener.stop();
    await world.close();
  };
});

interface Told {
  readonly plan: FrozenPlan;
  readonly rolloutNo: number;
  readonly sink: SmtpSink;
}

/** A plan whose first wave was sent to a mail server of the world, by our own client. */
async function told(count: number, sinkOptions: SinkOptions = {}, waves: readonly number[] = [1_000]): Promise<Told> {
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(count), {
    order: 'contain-first',
    containWaveSizes: [1_000],
    tellWaveSizes: waves,
    tellSoakSeconds: [3_600],
    smallPermitSize: 100,
  });
  const sink = await aSink(sinkOptions);
  const transport = aTransport(sink, { connections: 4, limits: { ...patientLimits, afterDotMs: 500 } });
  const sendPermit = makePermitSender({
    store: world.store,
    directory: world.directory,
    transport,
    templates: world.templates,
    compileMessage,
    inspectMail,
    mailPauses: makeMailPauses({ monotonicMs: () => 0 }),
    mailRates: noRates,
    noticeNumbers: world.noticeNumbers,
    dotLog: world.dotLog,
    identity: makeMailIdentity({
      mailFrom,
      publicUrl: 'https://accounts.chirp.test',
      deployment: world.deploymentId,
      keys: world.keys,
      returnPathDomain: null,
    }),
    addressKey,
    now: () => new Date(),
  });
  await world.work(rolloutNo, { sendPermit });
  return { plan, rolloutNo, sink };
}

async function tellOf(plan: FrozenPlan) {
  await world.store.transact((tx) => tx.rollouts.beatSensor(feedbackSensor));
  const status = await readRolloutStatus(world, plan.id);
  const tell = status.tracks.find((track) => track.track === 'tell');
  if (tell === undefined) throw new Error('nobody is told by this plan');
  const gate = (name: string) => tell.gates.find((one) => one.gate === name);
  return { counts: tell.counts, bounces: gate('bounces'), complaints: gate('complaints'), status };
}

function recipientOf(mail: TakenMessage): string {
  return mail.to[0] ?? '';
}

/** A bounce about a mail that the world took, as its own server writes it. */
function bounceOf(mail: TakenMessage, over: Partial<Parameters<typeof dsn>[0]> = {}): string {
  const recipient = recipientOf(mail);
  return dsn({
    to: mail.from,
    finalRecipient: recipient,
    originalRecipient: recipient,
    diagnostic: `550 5.1.1 <${recipient}>: Recipient address rejected: User unknown`,
    returned: mail.raw,
    ...over,
  });
}

describe('a mail that left and comes back', () => {
  test('changes status, explain and the gate; the person is contained and untold again', async () => {
    const { plan, sink } = await told(3);
    expect(await tellOf(plan)).toMatchObject({ counts: { accepted: 3 }, bounces: { result: 'pass' } });
    const [mail] = sink.taken;
    if (mail === undefined) throw new Error('no mail left');
    expect(await giveBack(port, mail.from, bounceOf(mail))).toMatchObject({
      rcpt: expect.stringMatching(/^250/) as string,
      dot: expect.stringMatching(/^250/) as string,
    });
    const after = await tellOf(plan);
    expect(after.counts).toEqual({ accepted: 2, bounced: 1 });
    expect(after.status.containedUntold?.count).toBe(1);
    expect(after.bounces?.reason).toContain('1 of 3 mails were refused or came back for their address');
    const story = await explain(
      { store: world.store, directory: world.directory, digests },
      recipientOf(mail),
      'operator_1',
    );
    expect(story.plans[0]).toMatchObject({
      notices: [{ state: 'bounced', feedback: [{ kind: 'bounced', class: 'address', status: '5.1.1' }] }],
    });
    // Two of three are surely above three in a hundred.
    const [, second] = sink.taken;
    if (second === undefined) throw new Error('one mail left');
    await giveBack(port, second.from, bounceOf(second));
    expect((await tellOf(plan)).bounces).toMatchObject({ result: 'fail' });
  });

  test('counts once, however often and by however many lines it comes', async () => {
    const { plan, rolloutNo, sink } = await told(2);
    const mail = sink.taken[0]!;
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => giveBack(port, mail.from.toUpperCase(), bounceOf(mail))),
    );
    for (const { dot } of answers) expect(dot).toMatch(/^250/);
    expect((await tellOf(plan)).counts).toEqual({ accepted: 1, bounced: 1 });
    const { rows } = await world.pool.query(
      `SELECT seq FROM ledger_entry WHERE chain = $1 AND event = 'notice.bounced'`,
      [`rollout:${rolloutNo}`],
    );
    expect(rows).toHaveLength(1);
  });

  test('resolves a doubt: whose reply was lost and whose mail came back was not told', async () => {
    const { plan, sink } = await told(2, { rules: [{ at: 'dot', takes: true, then: 'rst', say: '', times: 2 }] });
    expect((await tellOf(plan)).counts).toEqual({ unknown: 2 });
    const [one, two] = sink.taken;
    await giveBack(port, one!.from, bounceOf(one!));
    await giveBack(port, two!.from, bounceOf(two!, { action: 'delivered', status: '2.1.5' }));
    expect((await tellOf(plan)).counts).toEqual({ bounced: 1, accepted: 1 });
  });

  test('is no bounce of the address where our standing is the reason, and none at all while it is only late', async () => {
    const { plan, sink } = await told(3);
    const [one, two, three] = sink.taken;
    await giveBack(port, one!.from, bounceOf(one!, { status: '5.7.1', diagnostic: '550 5.7.1 blocked' }));
    await giveBack(port, two!.from, bounceOf(two!, { action: 'delayed', status: '4.4.1' }));
    await giveBack(port, three!.from, bounceOf(three!, { status: '5.0.0', diagnostic: '552 5.2.2 mailbox full' }));
    const { counts, bounces } = await tellOf(plan);
    expect(counts).toEqual({ bounced: 2, accepted: 1 });
    expect(bounces?.reason).toContain('0 of 3 mails were refused or came back for their address; 1 more');
    expect(taken.slice(-3).map(({ as }) => as)).toEqual([
      { kind: 'recorded', moves: ['bounced'] },
      { kind: 'recorded', moves: [] },
      { kind: 'recorded', moves: ['bounced'] },
    ]);
  });

  test('is no bounce where a machine answers that somebody is away', async () => {
    const { plan, sink } = await told(1);
    const mail = sink.taken[0]!;
    expect((await giveBack(port, mail.from, autoReply(mail.from))).dot).toMatch(/^250/);
    expect((await tellOf(plan)).counts).toEqual({ accepted: 1 });
    expect(taken.at(-1)).toMatchObject({ report: { kind: 'auto-replied' }, as: { kind: 'recorded', moves: [] } });
  });
});

describe('a complaint', () => {
  test('pauses the rollout before its next wave, and is heard at the address for feedback loops too', async () => {
    const { plan, rolloutNo, sink } = await told(6, {}, [3, 3]);
    expect(sink.taken).toHaveLength(3);
    const mail = sink.taken[0]!;
    const loop = makeReturnPath(returnPath, complaintsReference);
    await giveBack(port, loop, complaintReport({ from: mail.from, returned: mail.raw }), 'abusedesk@mail.test');
    const { counts, complaints } = await tellOf(plan);
    expect(counts).toEqual({ accepted: 2, complained: 1, created: 3 });
    expect(complaints).toMatchObject({ result: 'fail', cause: { word: 'too-many', count: 1 } });
    const { halt } = await world.advance(rolloutNo);
    expect(halt?.track).toBe('tell');
    await enterHalt(world.haltDeps, {
      subject: plan.id,
      scope: 'all',
      by: 'gate',
      reason: halt?.reasons.join() ?? '',
    });
    await world.work(rolloutNo);
    expect(sink.taken).toHaveLength(3);
    // Whoever complains was told: nobody is untold by it.
    expect((await tellOf(plan)).status.containedUntold?.count).toBe(3);
  });

  test('that repeats no return path of ours, or another one than it came to, is about nobody', async () => {
    const { plan, sink } = await told(2);
    const [one, two] = sink.taken;
    const loop = makeReturnPath(returnPath, complaintsReference);
    const forged = one!.from.replace(/\.([a-z2-7])/, (_, letter: string) => `.${letter === 'a' ? 'b' : 'a'}`);
    await giveBack(port, loop, complaintReport({ from: forged }));
    await giveBack(port, loop, complaintReport({ from: null }));
    await giveBack(port, loop, complaintReport({ from: loop }));
    await giveBack(port, one!.from, complaintReport({ from: two!.from }));
    await giveBack(port, one!.from, complaintReport({ from: one!.from, type: 'not-spam' }));
    expect((await tellOf(plan)).counts).toEqual({ accepted: 2 });
  });
});

describe('strangers', () => {
  test('are refused at RCPT with one and the same answer, whatever they try', async () => {
    const { plan, sink } = await told(1);
    const genuine = sink.taken[0]!.from;
    const [local = '', domain = ''] = genuine.split('@');
    const answers: string[] = [];
    for (const to of [
      `${local.slice(0, -1)}${local.endsWith('a') ? 'b' : 'a'}@${domain}`,
      `${local}@elsewhere.test`,
      `bounces@${domain}`,
      `bounces+0000000000000000.${'a'.repeat(26)}@${domain}`,
      `postmaster@${domain}`,
      'a@b',
    ]) {
      const { rcpt, dot } = await giveBack(port, to, bounceOf(sink.taken[0]!));
      expect(dot, to).toBeUndefined();
      answers.push(rcpt);
    }
    expect(new Set(answers)).toEqual(new Set(['550 5.1.1 No such mailbox']));
    expect((await tellOf(plan)).counts).toEqual({ accepted: 1 });
  });

  test('who know one return path change nothing by reports that are huge, nested, cut off, crowded or lies', async () => {
    const { plan, sink } = await told(2);
    const [mine, other] = sink.taken;
    const mail = mine!;
    const before = taken.length;
    const honest = bounceOf(mail);
    const group = `Final-Recipient: rfc822; ${recipientOf(other!)}\r\nAction: failed\r\nStatus: 5.1.1`;
    const hostile: Readonly<Record<string, string>> = {
      'a report inside a mail': `Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n${honest}\r\n--x--\r\n`,
      'a report inside the returned mail': dsn({
        to: mail.from,
        action: 'relayed',
        status: '5.1.1',
        returned: Buffer.from(honest),
      }),
      'cut off before its end': honest.slice(0, honest.indexOf('--8F2C41.1763/mx.mail.test--')),
      'cut off in its header': honest.slice(0, 200),
      'many recipients': dsn({
        to: mail.from,
        finalRecipient: recipientOf(mail),
        more: Array.from({ length: 400 }, () => group),
      }),
      'two recipients': dsn({ to: mail.from, finalRecipient: recipientOf(mail), more: [group] }),
      'about another address': bounceOf(mail, { originalRecipient: recipientOf(other!) }),
      'about another mail': bounceOf(mail, {
        envelopeId: other!.from.slice('bounces+'.length, 'bounces+'.length + 16),
      }),
      'a failure that succeeded': bounceOf(mail, { status: '2.0.0', diagnostic: '250 ok' }),
      'an action that is none': bounceOf(mail, { action: 'exploded' }),
      'thousands of parts': `Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n${'--x\r\n\r\n'.repeat(20_000)}--x--`,
      'a boundary that is everything': `Content-Type: multipart/report; report-type=delivery-status; boundary=""\r\n\r\n----\r\n`,
      'parts that share a boundary': honest.replace(
        'message/delivery-status',
        'multipart/report; boundary="8F2C41.1763/mx.mail.test"',
      ),
      'a header without end': `Content-Type: multipart/report\r\n${' x\r\n'.repeat(50_000)}`,
      'two delivery statuses': honest.replace(
        'Content-Type: text/plain; charset=us-ascii',
        'Content-Type: message/delivery-status',
      ),
      nothing: '',
    };
    for (const [what, text] of Object.entries(hostile)) {
      const { dot } = await giveBack(port, mail.from, text);
      expect(dot, what).toMatch(/^250/);
    }
    expect((await giveBack(port, mail.from, honest + 'x'.repeat(600_000))).dot).toMatch(/^552/);
    expect((await tellOf(plan)).counts).toEqual({ accepted: 2 });
    expect(taken.slice(before).filter(({ as }) => as.kind === 'recorded')).toEqual([]);
    // And the mail server that lost its line in the middle has said nothing either.
    await hangUpInData(mail.from, honest.slice(0, 900));
    expect((await tellOf(plan)).counts).toEqual({ accepted: 2 });
    await giveBack(port, mail.from, honest);
    expect((await tellOf(plan)).counts).toEqual({ accepted: 1, bounced: 1 });
  }, 15_000);

  test('a mailbox that forwards and fails elsewhere says nothing about the address that we wrote to', async () => {
    const { plan, sink } = await told(1);
    const mail = sink.taken[0]!;
    await giveBack(port, mail.from, dsn({ to: mail.from, finalRecipient: 'elsewhere@other.test' }));
    const { counts, bounces } = await tellOf(plan);
    expect(counts).toEqual({ bounced: 1 });
    expect(bounces?.reason).toContain('0 of 1 mails were refused or came back for their address');
  });

  test('hand over one mail to one path at a time', async () => {
    const { sink } = await told(2);
    const [one, two] = sink.taken;
    const replies: string[] = [];
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    for (const line of ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${one!.from}>`, `RCPT TO:<${two!.from}>`]) {
      replies.push(String((await once(socket, 'data'))[0]));
      socket.write(`${line}\r\n`);
    }
    replies.push(String((await once(socket, 'data'))[0]));
    expect(replies.at(-1)).toMatch(/^452/);
  });
});

test('a report about a mail whose range is not settled is asked for again', async () => {
  const { plan, sink } = await told(1);
  const mail = sink.taken[0]!;
  await world.pool.query(
    `UPDATE permit SET outcome = set_byte(outcome, 0, 1), state = 'open' WHERE track = 'tell' AND rollout_no = $1`,
    [(await world.rolloutOf(plan.id)).no],
  );
  expect((await giveBack(port, mail.from, bounceOf(mail))).dot).toMatch(/^451/);
});

test('nothing of an address was said in a warning', () => {
  expect(world.warnings.join()).not.toContain('@');
});

async function hangUpInData(to: string, piece: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  for (const line of ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${to}>`, 'DATA']) {
    await once(socket, 'data');
    socket.write(`${line}\r\n`);
  }
  await once(socket, 'data');
  socket.write(piece);
  socket.end();
  await once(socket, 'close');
}
