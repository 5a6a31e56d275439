import { setTimeout as delay } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { digests } from '../adapters/crypto/digests.ts';
import { makeFileDotLog } from '../adapters/fence/file-dot-log.ts';
import { makeHostClock } from '../adapters/fence/host-clock.ts';
import { measureTransport } from '../adapters/metrics/measure-transport.ts';
import { countTaskFailures } from '../adapters/metrics/task-failures.ts';
import { compileMessage } from '../adapters/mail/compile-message.ts';
import { inspectMail } from '../adapters/mail/inspect-mail.ts';
import { makeHolderTransport } from '../adapters/mail/holder-transport.ts';
import { startHaltRelay } from '../adapters/postgres/halt-relay.ts';
import { endAllLateSessions } from '../app/action/end-late-sessions.ts';
import { endLateSuspended } from '../app/action/end-late-suspended.ts';
import { liftDueSuspensions } from '../app/action/lift-suspensions.ts';
import { makeMailPauses } from '../app/notice/mail-pauses.ts';
import { makeMailRates } from '../app/notice/mail-rates.ts';
import { makePermitSender } from '../app/notice/send-permit.ts';
import type { CompileMessage } from '../app/ports/message-compiler.ts';
import { runPermit } from '../app/rollout/run-permit.ts';
import type { RunPermitDeps } from '../app/rollout/run-permit.ts';
import { countSignIns } from '../app/rollout/count-sign-ins.ts';
import { enterHalt, enterPendingHalts } from '../app/rollout/halt-rollout.ts';
import { makeHourClock } from '../app/rollout/hour-clock.ts';
import { makeSoakWatch } from '../app/rollout/soak-watch.ts';
import { stewardRollouts } from '../app/rollout/steward-rollouts.ts';
import type { RunnableTrack } from '../app/rollout/steward-rollouts.ts';
import { rateClassOf } from '../domain/rate/mail-rates.ts';
import { Failure } from '../domain/shared/failure.ts';
import { sendsMail } from '../domain/shared/track.ts';
import type { Installation } from './installation.ts';
import { makeQueueWatching } from './queue-watching.ts';
import { noticeHeadersFor } from './feedback-channels.ts';
import { mailRatesFrom } from './mail-rates-from.ts';
import { judgeInstallation } from './open-standing.ts';
import { makeSayOnce } from './say-once.ts';
import { makeMailIdentity } from './mail-identity.ts';

/** Permits that one worker holds at a time. */
const hands = 4;
/** Connections to the mail server: one per mail under way. */
const mailConnections = 8;
/** Between two looks when there was nothing to do. */
const idleMs = 200;
/**
 * A round of the steward counts every permit of a rollout: 100 ms of Postgres alone for half a million people. It then rests for
 * so many times as long as it took, so that the work grows with the people and not with their square, but for no longer
 * than a gate may be late.
 */
const stewardRestFactor = 9;
const stewardRestMaxMs = 2_000;
/** Sign-ins that overtook a quarantine are looked for this often. */
const lateSessionsMs = 5_000;
/** Who came back is counted within this of the time that it is due. */
const signInsMs = 2_000;
/** Suspensions whose time is over, and those that a granted appeal wants lifted, are looked for this often. */
const suspensionsMs = 5_000;
/** After a failure of the database or the directory. */
const failedMs = 1_000;

export interface RunningWorker {
  readonly id: string;
  /** Ends after the permits in hand are settled; takes no new ones. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  /** Another builder of messages than our own: a test plants a faulty one. */
  readonly compileMessage?: CompileMessage;
}

/**
 * One worker: a steward that advances rollouts and takes lost permits back, and a few hands that take permits and act.
 * Any number of workers share the work by the database alone.
 */
export function runWorker(installation: Installation, options: WorkerOptions = {}): RunningWorker {
  const { config, log, store, fence, journal, clock, policy, seal, directory, templates, noticeNumbers, deployment } =
    installation;
  const dotLog = makeFileDotLog(config.stateDir);
  const id = `worker_${randomBytes(6).toString('hex')}`;
  const onTaskFailed = countTaskFailures(installation.metrics);
  const transport = makeHolderTransport({
    smtpUrl: config.smtpUrl ?? missingMailer(),
    environment: config.environment,
    connections: mailConnections,
    ...(installation.dkim === null ? {} : { signMail: installation.dkim.signMail }),
  });
  const mailPauses = makeMailPauses(clock);
  const queue = makeQueueWatching(installation);
  const say = makeSayOnce(log, () => clock.monotonicMs());
  const hostClock = makeHostClock();
  const hourClock = makeHourClock(hostClock);
  const mailRates = makeMailRates({
    rates: mailRatesFrom(config),
    store: installation.rateStore,
    clock: hostClock,
    standingMax: mailConnections / 2,
    holder: id,
    nameOf: (domain) => installation.addressKey(`@${domain}`),
    wait: (ms) => delay(ms),
    onFailed: (error) => {
      onTaskFailed('mail-rates', error);
      say.failed('mail rates', error, 'nothing could be leased of the mail rates; it is tried again');
    },
  });
  const deps: RunPermitDeps = {
    store,
    clock,
    hourClock,
    digests,
    fence,
    journal,
    dotLog,
    seal,
    directory,
    policy,
    deployment: deployment.deploymentId,
    worker: { id, host: dotLog.host },
    objection: policy.objection,
    planOf: policy.planOf,
    mailHeldBy: (track) => mailPauses.heldBy() ?? queue.heldBy(track) ?? mailRates.heldBy(track),
    mostWithin: (track, seconds) => mailRates.mostWithin(track, seconds),
    sendPermit: makePermitSender({
      mailPauses,
      mailRates,
      store,
      directory,
      transport: measureTransport(queue.counted(transport), installation.metrics),
      templates,
      compileMessage: options.compileMessage ?? compileMessage,
      inspectMail,
      noticeNumbers,
      dotLog,
      identity: makeMailIdentity({
        mailFrom: config.mailFrom,
        publicUrl: config.publicUrl,
        deployment: deployment.deploymentId,
        keys: installation.keys,
        returnPathDomain: config.returnPathDomain,
        noticeHeaders: noticeHeadersFor(config),
      }),
      addressKey: installation.addressKey,
      now: () => clock.now(),
    }),
  };
  const steward = {
    ...installation.halting.deps,
    haltsOver: installation.halting.deps,
    // Its own work goes over the connections of all work, and is counted there.
    store,
    digests,
    dotLog,
    journal,
    limitsOf: policy.limitsOf,
    wavesOf: policy.wavesOf,
    noteTold: policy.noteTold,
    judge: policy.judge,
    soaks: makeSoakWatch(clock),
  };

  let stopping = false;
  let behind: string | null = null;
  let sayStopped: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (sayStopped = resolve));
  let runnable: readonly RunnableTrack[] = [];
  let wake: () => void = () => undefined;
  let woken = new Promise<void>((resolve) => (wake = resolve));
  function wakeAll(): void {
    wake();
    woken = new Promise<void>((resolve) => (wake = resolve));
  }

  fence.setRelayAlive(false);
  const relay = startHaltRelay({
    url: installation.databaseUrl,
    onHalt: (halt) => {
      fence.close(halt.rolloutNo, halt.track, halt.throughEpoch);
      queue.lookNow();
    },
    onAlive: (alive) => fence.setRelayAlive(alive),
    reread: () => closeHaltedTracks(installation),
  });
  fence.onTimeLost(() => {
    log.warn('this machine lost time: halts are read anew before anything is done');
    relay.doubt();
  });

  let saidHold: string | null = null;
  /** Said when it begins, and again for each new reason; `doctor` and the status say it as long as it lasts. */
  function mailHold(): string | null {
    const refused = mailPauses.heldBy() ?? mailPauses.refusedBy();
    const reason = refused ?? mailRates.heldBy('tell');
    if (refused !== null && reason !== saidHold) log.error({ reason }, 'mail is held back for now');
    else if (reason !== null && reason !== saidHold) log.info({ reason }, 'notices wait for their rate');
    saidHold = reason;
    return reason;
  }

  /** Before anything is taken or taken back: a database that lost a part of the past would say that nothing was sent. */
  async function judgeOnce(): Promise<void> {
    while (!stopping) {
      try {
        await judgeInstallation(installation);
        return;
      } catch (error) {
        say.failed(
          'standing',
          error,
          'whether this database may be believed cannot be told; nothing is done meanwhile',
        );
        await delay(failedMs);
      }
    }
  }

  async function stewardLoop(): Promise<void> {
    let knowsClock = false;
    while (!stopping) {
      const beganMs = clock.monotonicMs();
      try {
        // Before anything is taken: whatever the database's clock is set to from here on, it is known what it was.
        if (!knowsClock) hourClock.asBegan(await store.transact((tx) => tx.rollouts.now()));
        knowsClock = true;
        const workers = await store.transact((tx) =>
          tx.rollouts.beatWorker({
            id,
            host: dotLog.host,
            pid: process.pid,
            codeVersion: installation.codeVersion,
            mailHold: mailHold(),
          }),
        );
        await enterPendingHalts(installation.halting.deps);
        behind = (await store.transact((tx) => tx.standing.behind()))?.reason ?? null;
        say.held('everything', behind);
        const report = await stewardRollouts(steward);
        say.well('steward');
        const changed = report.runnable.length !== runnable.length || report.moved;
        runnable = report.runnable;
        if (changed) wakeAll();
        const tookMs = clock.monotonicMs() - beganMs;
        const restMs = Math.min(stewardRestMaxMs, Math.max(idleMs, stewardRestFactor * workers * tookMs));
        if (!report.moved) await Promise.race([stopped, delay(restMs, undefined, { ref: false })]);
      } catch (error) {
        onTaskFailed('steward', error);
        say.failed('steward', error, 'the steward failed; it tries again');
        await delay(failedMs);
      }
    }
  }

  async function lateSessionLoop(): Promise<void> {
    while (!stopping) {
      await Promise.race([stopped, delay(lateSessionsMs, undefined, { ref: false })]);
      if (stopping) return;
      if (behind !== null) continue;
      try {
        await endAllLateSessions(deps);
        await endLateSuspended(deps);
        say.well('late sessions');
      } catch (error) {
        onTaskFailed('late-sessions', error);
        say.failed('late sessions', error, 'late sessions could not be looked at; they are looked at again');
      }
    }
  }

  /** Only reads the directory, also of what is halted or finished: whoever was locked out comes back then as well. */
  async function signInLoop(): Promise<void> {
    while (!stopping) {
      await Promise.race([stopped, delay(signInsMs, undefined, { ref: false })]);
      if (stopping) return;
      if (behind !== null) continue;
      try {
        let counted = true;
        while (counted && !stopping) counted = await countSignIns({ store, directory });
        say.well('sign-ins');
      } catch (error) {
        onTaskFailed('sign-ins', error);
        say.failed('sign-ins', error, 'who came back could not be counted; it is counted later');
      }
    }
  }

  async function suspensionLoop(): Promise<void> {
    while (!stopping) {
      await Promise.race([stopped, delay(suspensionsMs, undefined, { ref: false })]);
      if (stopping) return;
      if (behind !== null) continue;
      try {
        await liftDueSuspensions(deps, () => !stopping && behind === null);
        say.well('suspensions');
      } catch (error) {
        onTaskFailed('suspensions', error);
        say.failed('suspensions', error, 'suspensions that are over could not be lifted; it is tried again');
      }
    }
  }

  /** Where a rate is named all hands can be full of notices that wait for it; one is kept for what must not wait. */
  function mayWaitForRate({ track }: RunnableTrack): boolean {
    return sendsMail(track) && rateClassOf(track) === 'ordinary' && mailRates.mostWithin(track, 1) !== null;
  }

  async function handLoop(hand: number): Promise<void> {
    for (let turn = hand; !stopping; turn += 1) {
      const tracks = runnable;
      let worked = false;
      for (let offset = 0; offset < tracks.length && !stopping; offset += 1) {
        const track = tracks[(turn + offset) % tracks.length];
        if (track === undefined || (hand === 0 && mayWaitForRate(track))) continue;
        if (await tryOne(track)) {
          worked = true;
          break;
        }
      }
      if (!worked) await Promise.race([woken, delay(idleMs)]);
    }
  }

  async function tryOne(track: RunnableTrack): Promise<boolean> {
    try {
      const run = await runPermit(deps, track.rolloutNo, track.track);
      say.well('permit');
      if (typeof run === 'string') {
        if (run === 'settled') say.held(`rollout ${track.rolloutNo} ${track.track}`, null);
        return run === 'settled' || run === 'taken-back';
      }
      say.held(`rollout ${track.rolloutNo} ${track.track}`, run.heldBy);
      if (run.isBehind === true) await haltBehind(run.heldBy);
      return false;
    } catch (error) {
      onTaskFailed('permit', error);
      say.failed('permit', error, 'a permit failed; what it did is settled from its dot file');
      await delay(failedMs);
      return false;
    }
  }

  /** The lost part may have held a halt: everything stops, and a person looks. */
  async function haltBehind(reason: string): Promise<void> {
    await enterHalt(installation.halting.deps, { subject: null, scope: 'all', by: 'database-behind', reason });
  }

  const loops = [
    judgeOnce().then(() =>
      Promise.all([
        stewardLoop(),
        lateSessionLoop(),
        signInLoop(),
        suspensionLoop(),
        queue.run(say, onTaskFailed),
        ...Array.from({ length: hands }, (_, hand) => handLoop(hand)),
      ]),
    ),
  ];
  log.info({ worker: id }, 'worker ready');
  return {
    id,
    async stop() {
      stopping = true;
      sayStopped();
      queue.stop();
      wakeAll();
      await Promise.all(loops);
      await relay.stop();
      await transport.close();
    },
  };
}

/** Catches up with halts that were published while this worker was not listening. */
async function closeHaltedTracks({ store, fence }: Installation): Promise<void> {
  await store.transact(async (tx) => {
    for (const rollout of await tx.rollouts.unfinished()) {
      for (const track of await tx.rollouts.tracks(rollout.no)) {
        fence.close(rollout.no, track.track, track.epoch - 1);
      }
    }
  });
}

function missingMailer(): never {
  throw new Failure(
    'usage',
    'SMTP_URL is not set: a worker has nothing to send with. Set it, or run everything on embedded defaults: npm start',
  );
}
