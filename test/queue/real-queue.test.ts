import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
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
import { takeReport } from '../../src/app/notice/take-report.ts';
import { makeMailQueueWatch } from '../../src/app/notice/watch-mail-queue.ts';
import type { MailQueueWatch } from '../../src/app/notice/watch-mail-queue.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { RunPermitDeps } from '../../src/app/rollout/run-permit.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { isOrdinaryMail } from '../../src/domain/shared/track.ts';
import { countIntoQueue } from '../../src/main/mail-queue.ts';
import { makeMailIdentity, returnPathSettings } from '../../src/main/mail-identity.ts';
import { giveBack } from '../feedback/returned-mail.ts';
import { patientLimits } from '../mail/fixture.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { describeIfPostfix, startPostfix } from '../support/postfix.ts';
import type { TestPostfix } from '../support/postfix.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';

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
  let listenerPort: number;

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
    listenerPort = listener.port;
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
    await watch.look();
    const drained = await statusOf(plan);
    expect(drained.tell).toMatchObject({ phase: 'finished', counts: { accepted: 24 } });
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

    const next = await openNextHop();
    try {
      await postfix.flush();
      await expect.poll(() => next.taken.length, { timeout: 20_000 }).toBe(1);
      expect(next.taken[0]?.to).toEqual(['friend@others.test']);
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
        .toBe(7);
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
});

const noSuchUser = '550 5.1.1 no such user\r\n';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
