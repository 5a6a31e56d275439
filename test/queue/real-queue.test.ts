import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { makeAddressKeys } from '../../src/adapters/feedback/address-key.ts';
import { startFeedbackListener } from '../../src/adapters/feedback/smtp-listener.ts';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { makeHolderTransport } from '../../src/adapters/mail/holder-transport.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import { makePostfixQueue } from '../../src/adapters/mail/queue/postfix-queue.ts';
import { readReturnPath } from '../../src/adapters/mail/return-path.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import { sendCorrection } from '../../src/app/notice/send-correction.ts';
import { takeReport } from '../../src/app/notice/take-report.ts';
import { makeMailQueueWatch } from '../../src/app/notice/watch-mail-queue.ts';
import type { MailQueueWatch } from '../../src/app/notice/watch-mail-queue.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { RunPermitDeps } from '../../src/app/rollout/run-permit.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { isOrdinaryMail } from '../../src/domain/shared/track.ts';
import { countIntoQueue } from '../../src/main/mail-queue.ts';
import { makeMailIdentity, returnPathSettings } from '../../src/main/mail-identity.ts';
import { repositoryRoot } from '../architecture/sound-tree.ts';
import { giveBack } from '../feedback/returned-mail.ts';
import { patientLimits } from '../mail/fixture.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { describeIfPostfix, freePort, startPostfix } from '../support/postfix.ts';
import type { TestPostfix } from '../support/postfix.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';
import { noRates } from '../support/no-rates.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const cap = 10;

describeIfPostfix(() => {
  const mailFrom = 'Chirp <notices@chirp.test>';
  const addressKey = makeAddressKeys(Buffer.alloc(32, 3));
  let world: RolloutWorld;
  let postfix: TestPostfix;
  let relayPort: number;
  let watch: MailQueueWatch;
  let deps: Pick<RunPermitDeps, 'sendPermit' | 'mailHeldBy'>;

  beforeAll(async () => {
    world = await openWorld({ hasFeedback: true });
    const returnPath = returnPathSettings({ mailFrom, returnPathDomain: 'bounces.chirp.test', keys: world.keys });
    const readReference = (address: string): string | null => {
      const read = readReturnPath(returnPath, address);
      return read.kind === 'genuine' ? read.reference : null;
    };
    const listener = await startFeedbackListener({
      host: '127.0.0.1',
      port: 0,
      readReference,
      onReport: async (reference, report) => {
        const as = await takeReport({ store: world.store, addressKey }, reference, report);
        return as.kind === 'not-yet' ? 'later' : 'taken';
      },
      warn: (message) => world.warnings.push(message),
    });
    relayPort = await freePort();
    postfix = await startPostfix({ relayPort, routes: { 'bounces.chirp.test': listener.port } });
    const transport = makeHolderTransport({
      smtpUrl: `smtp://127.0.0.1:${postfix.port}`,
      environment: 'test',
      connections: 4,
      limits: patientLimits,
    });
    watch = makeMailQueueWatch({
      queue: makePostfixQueue({ commandDir: '/usr/sbin', configDir: postfix.configDir, hold: 'direct', readReference }),
      store: world.store,
      clock: world.clock,
      host: 'host_1',
      hostName: 'mail-1',
      cap,
    });
    deps = {
      mailHeldBy: (track) => (isOrdinaryMail(track) ? watch.heldBy() : null),
      sendPermit: makePermitSender({
        store: world.store,
        directory: world.directory,
        transport: countIntoQueue(transport, watch),
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
          returnPathDomain: 'bounces.chirp.test',
        }),
        addressKey,
        now: () => new Date(),
      }),
    };
    return async () => {
      await transport.close();
      await postfix.stop();
      await listener.stop();
      await world.close();
    };
  }, 60_000);

  /** The next hop, up from now on: until then Postfix keeps what it took. */
  async function openNextHop(recipient?: { readonly refused: string }): Promise<SmtpSink> {
    const rules =
      recipient === undefined ? [] : [{ at: 'rcpt', recipient: recipient.refused, say: noSuchUser } as const];
    return openSmtpSink({ rules, port: relayPort });
  }

  async function started(count: number): Promise<{ readonly plan: FrozenPlan; readonly rolloutNo: number }> {
    return world.startedPlan(world.addHolders(count), {
      order: 'contain-first',
      containWaveSizes: [1_000],
      tellWaveSizes: [1_000],
      smallPermitSize: 5,
    });
  }

  async function statusOf(plan: FrozenPlan) {
    const status = await readRolloutStatus(world, plan.id);
    const tell = status.tracks.find((track) => track.track === 'tell');
    if (tell === undefined) throw new Error('nobody is told by this plan');
    return { ...status.handedOver, tell, queue: status.handedOver.queues.find(({ host }) => host === 'host_1') };
  }

  async function events(rolloutNo: number): Promise<readonly unknown[]> {
    const { rows } = await world.pool.query<{ event: string; body: string }>(
      `SELECT event, body FROM ledger_entry WHERE chain = $1 AND event LIKE 'queue.%' ORDER BY seq`,
      [`rollout:${rolloutNo}`],
    );
    return rows.map(({ event, body }) => [event, (JSON.parse(body) as { mails: number }).mails]);
  }

  test('a queue that grows to its cap holds the rollout, is shown, drains, and the rollout goes on', async () => {
    const { plan, rolloutNo } = await started(24);
    await watch.look();
    await world.work(rolloutNo, deps);
    await watch.look();
    const full = await statusOf(plan);
    expect(full.tell).toMatchObject({ phase: 'running', counts: { accepted: cap, created: 14 } });
    expect(full.tell.reasons.join()).toContain('the mail server still holds 10 of our mails, its cap; it goes on at 8');
    expect(full.queue).toMatchObject({ onHold: 0, others: 0, cap, commanded: true, readError: null });
    expect((full.queue?.waiting ?? 0) + (full.queue?.deferred ?? 0)).toBe(cap);
    expect(full.mails).toBe(cap);

    const next = await openNextHop();
    try {
      await expect
        .poll(
          async () => {
            await postfix.flush();
            await watch.look();
            await world.work(rolloutNo, deps);
            return next.taken.length;
          },
          { timeout: 40_000 },
        )
        .toBe(24);
    } finally {
      await next.close();
    }
    await world.work(rolloutNo, deps);
    await watch.look();
    const drained = await statusOf(plan);
    expect(drained.tell).toMatchObject({ phase: 'running', counts: { accepted: 24 } });
    expect(drained.queue).toMatchObject({ waiting: 0, deferred: 0, holdReason: null });
    expect(new Set(next.taken.map(({ to }) => to.join())).size).toBe(24);
  }, 60_000);

  test('after a halt the next server gets nothing more of it, a correction and the mail of others still go, and a resume lets it out', async () => {
    const { plan, rolloutNo } = await started(6);
    await watch.look();
    await world.work(rolloutNo, deps);
    await giveBack(postfix.port, 'friend@others.test', 'Subject: hello\r\n\r\nnot ours', 'somebody@others.test');
    await world.halt(plan.id);
    await watch.look();
    expect(await statusOf(plan)).toMatchObject({ onHold: 6, mails: 6, queue: { onHold: 6, waiting: 0, deferred: 0 } });
    expect(await events(rolloutNo)).toEqual([['queue.held', 6]]);
    await sendCorrection(world, plan.id, 'holding', 6, world.author.id);
    await world.work(rolloutNo, deps);
    await watch.look();
    expect(await statusOf(plan)).toMatchObject({ onHold: 6, mails: 12, queue: { onHold: 6 } });

    const next = await openNextHop();
    try {
      await postfix.flush();
      await expect.poll(() => next.taken.length, { timeout: 20_000 }).toBe(7);
      expect(next.taken.map(({ raw }) => /^Subject: (.*)/m.exec(raw.toString())?.[1]).toSorted()).toEqual(
        ['hello', ...Array.from({ length: 6 }, () => expect.stringMatching(/checking/) as string)].toSorted(),
      );
      // Another look, another worker, another halt: it is all the same.
      await watch.look();
      await world.halt(plan.id);
      await watch.look();
      await postfix.flush();
      expect((await statusOf(plan)).onHold).toBe(6);
      expect(await events(rolloutNo)).toEqual([['queue.held', 6]]);

      await world.agreeToResume(plan);
      expect((await world.resume(plan.id)).kind).toBe('resumed');
      await expect
        .poll(
          async () => {
            await watch.look();
            await postfix.flush();
            return next.taken.length;
          },
          { timeout: 20_000 },
        )
        .toBe(13);
    } finally {
      await next.close();
    }
    await watch.look();
    expect(await statusOf(plan)).toMatchObject({ onHold: 0, queue: { onHold: 0, waiting: 0, deferred: 0 } });
    expect(await events(rolloutNo)).toEqual([
      ['queue.held', 6],
      ['queue.released', 6],
    ]);
    expect((await world.verifyLedger()).findings).toEqual([]);
  }, 60_000);

  test('by hand, as the runbook says, ours are held and let go, and nobody else’s', async () => {
    const { rolloutNo } = await started(2);
    await watch.look();
    await world.work(rolloutNo, deps);
    await giveBack(postfix.port, 'friend@others.test', 'Subject: hello\r\n\r\nnot ours', 'somebody@others.test');
    await asTheRunbookSays('-h -');
    expect(await watched()).toEqual([2, 1]);
    await asTheRunbookSays('-H -');
    expect(await watched()).toEqual([0, 1]);
    await command('postsuper', '-d', 'ALL');
  }, 60_000);

  /** Ours on hold, and others. */
  async function watched(): Promise<readonly (number | undefined)[]> {
    await watch.look();
    const [level] = (await world.store.transact((tx) => tx.mailQueue.levels(60))).filter(
      ({ host }) => host === 'host_1',
    );
    return [level?.onHold, level?.others];
  }

  /** The line of the runbook that ends so, with the domain and the Postfix of this test. */
  async function asTheRunbookSays(end: '-h -' | '-H -' | '-f -'): Promise<void> {
    const runbook = readFileSync(join(repositoryRoot, 'docs/runbooks/provider-queue.md'), 'utf8');
    const written = end === '-H -' ? '-h -' : end;
    const line = runbook.split('\n').find((one) => one.endsWith(`postsuper ${written}`)) ?? 'exit 9';
    const mine = line.replace('example.com', 'chirp.test').replace(written, end);
    const here = (name: string): string => `${name}() { /usr/sbin/${name} -c '${postfix.configDir}' "$@"; }`;
    await run('bash', ['-euc', `set -o pipefail\n${here('postqueue')}\n${here('postsuper')}\n${mine}`]);
  }

  test('what somebody else put on hold there, a resume leaves on hold', async () => {
    const { plan, rolloutNo } = await started(3);
    await watch.look();
    await world.work(rolloutNo, deps);
    const [first = ''] = await queueIds();
    await command('postsuper', '-h', first);
    await world.halt(plan.id);
    await watch.look();
    expect(await statusOf(plan)).toMatchObject({ onHold: 2, queue: { onHold: 3 } });
    await world.agreeToResume(plan);
    await world.resume(plan.id);
    await watch.look();
    expect(await statusOf(plan)).toMatchObject({ onHold: 0, queue: { onHold: 1 } });
    await command('postsuper', '-d', 'ALL');
  }, 60_000);

  test('a report that Postfix itself makes of a refused recipient comes back and tells of the right person', async () => {
    const { plan, rolloutNo } = await started(3);
    await watch.look();
    await world.work(rolloutNo, deps);
    const wrong = await addressOf(plan, 1);
    const next = await openNextHop({ refused: wrong });
    try {
      await expect
        .poll(
          async () => {
            await postfix.flush();
            return (await statusOf(plan)).tell.counts;
          },
          { timeout: 20_000 },
        )
        .toEqual({ accepted: 2, bounced: 1 });
      expect(next.taken.map(({ to }) => to[0])).not.toContain(wrong);
    } finally {
      await next.close();
    }
    const { rows } = await world.pool.query<object>(
      `SELECT ordinal, kind, class, status FROM feedback WHERE rollout_no = $1`,
      [rolloutNo],
    );
    expect(rows).toEqual([{ ordinal: 1, kind: 'bounced', class: 'address', status: '5.1.1' }]);
    expect((await statusOf(plan)).mails).toBe(2);
  }, 60_000);

  test('mails on hold that a person gives up come back as bounced: nobody gets them, and nobody counts as told', async () => {
    const { plan, rolloutNo } = await started(3);
    await watch.look();
    await world.work(rolloutNo, deps);
    await world.halt(plan.id);
    await watch.look();
    expect((await statusOf(plan)).onHold).toBe(3);
    const next = await openNextHop();
    try {
      await asTheRunbookSays('-f -');
      await expect
        .poll(
          async () => {
            await postfix.flush();
            await watch.look();
            const { tell, onHold } = await statusOf(plan);
            return { ...tell.counts, onHold };
          },
          { timeout: 20_000 },
        )
        .toEqual({ bounced: 3, onHold: 0 });
      expect(next.taken).toEqual([]);
    } finally {
      await next.close();
    }
    const status = await readRolloutStatus(world, plan.id);
    expect(status.containedUntold?.count).toBe(3);
    expect(status.handedOver).toMatchObject({ mails: 0, onHold: 0 });
    expect((await world.store.transact((tx) => tx.feedback.suppressions(10))).total).toBe(1);
  }, 60_000);

  async function addressOf(plan: FrozenPlan, ordinal: number): Promise<string> {
    const rolloutNo = (await world.rolloutOf(plan.id)).no;
    const [member] = await world.store.transact((tx) => tx.rollouts.mailMembers(rolloutNo, 'tell', ordinal, 1));
    return member?.address ?? '';
  }

  async function command(name: 'postsuper' | 'postqueue', ...args: readonly string[]): Promise<string> {
    return (await run(`/usr/sbin/${name}`, ['-c', postfix.configDir, ...args])).stdout;
  }

  async function queueIds(): Promise<readonly string[]> {
    const lines = (await command('postqueue', '-j')).split('\n').filter((line) => line !== '');
    return lines.map((line) => (JSON.parse(line) as { queue_id: string }).queue_id);
  }
});

const run = promisify(execFile);
const noSuchUser = '550 5.1.1 no such user\r\n';
