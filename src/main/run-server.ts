import { serve } from '@hono/node-server';
import { createServer } from 'node:http';
import type { RequestListener, ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeCheckpointFile } from '../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../adapters/crypto/digests.ts';
import { signatures } from '../adapters/crypto/signing-key.ts';
import { notePolicy } from '../app/deployment/note-policy.ts';
import { checkLedger } from '../app/doctor/check-ledger.ts';
import { beginRoles } from '../app/operator/begin-roles.ts';
import { beatSeconds } from '../app/request/request-keys.ts';
import { runRetention } from '../app/retention/run-retention.ts';
import { enterPendingHalts } from '../app/rollout/halt-rollout.ts';
import { haltAfterRestart } from '../app/rollout/halt-after-restart.ts';
import { feedbackSensor } from '../app/rollout/judge-returned.ts';
import { disputeSensor } from '../app/rollout/take-permit.ts';
import { Failure } from '../domain/shared/failure.ts';
import { makeHttpApp } from '../http/app.ts';
import type { HttpOptions } from '../http/app.ts';
import { makeNoticeFront } from '../http/public/notice-front.ts';
import type { Services } from '../http/services.ts';
import { hasFeedbackChannel } from './feedback-channels.ts';
import { readConsoleFiles } from './console-files.ts';
import { makeBulletins } from './bulletins.ts';
import { makeCheckpointing } from './checkpointing.ts';
import { makeHolderPages } from './holder-pages.ts';
import { checkpointPath } from './installation.ts';
import { listenForScrapes } from './metrics-listener.ts';
import { machineAccount } from './machine-account.ts';
import { policyFacts } from './policy-facts.ts';
import { makeServerMetrics } from './server-metrics.ts';
import type { Installation } from './installation.ts';
import { runFeedback } from './run-feedback.ts';
import { readDirectoryDefinition } from './open-directory.ts';
import { judgeInstallation } from './open-standing.ts';
import { repeat } from './repeat.ts';
import type { Repeated } from './repeat.ts';
import { makeSayOnce } from './say-once.ts';
import { makeServices, retentionDeps } from './services.ts';

/** While the page can take "this is not right", the sensor says so this often. */
const sensorBeatMs = 2_000;
/** No byte either way for this long ends a connection: an import tells its progress far more often. */
const silentPeerMs = 300_000;
/** How long answers that are under way may still be written when the server is told to stop. */
const lastWordsMs = 1_000;
/** What has outlived its time is destroyed this often. */
const retentionMs = 3_600_000;
/** It reads every checkpoint: some 10 s after a quarter of a year of them. */
const ledgerLookMs = 3_600_000;
/** A checkpoint leaves the database this often, and at every stop. */
const checkpointMs = 60_000;
/** A halt that could not be entered is tried again this often. */
const pendingHaltMs = 500;
/** Those who decide hear of a halt or a new operator within so long. */
const bulletinsMs = 5_000;
/** Accounts that were let back in late are looked for: their holders have waited ten minutes by then. */
const answersMs = 15_000;
/** Where no checkpoint could be written for this long, nothing more is begun that only the database would know of. */
const checkpointsMissedMs = 5 * checkpointMs;

export interface RunningServer {
  readonly url: string;
  /** Where its figures are shown to whoever is on this machine; null where nowhere. */
  readonly metricsUrl: string | null;
  /** Where mail that comes back is taken; null where no port is configured for it. */
  readonly feedbackPort: number | null;
  stop(): Promise<void>;
}

/** The server: halts what was running, then answers. It beats the dispute sensor only once its page can be reached. */
export async function runServer(
  installation: Installation,
  /** What else is done around each use case: a drill times its halts. */
  around: (services: Services) => Services = (services) => services,
): Promise<RunningServer> {
  const { config, log, store, deployment } = installation;
  const behindAtStart = await judgeInstallation(installation);
  if (behindAtStart !== null)
    log.error(
      { reason: behindAtStart },
      'this database may be older than the world: it can be read and halted, and nothing is sent or acted on. See docs/runbooks/restored-backup.md',
    );
  const halted = await haltAfterRestart(installation.halting.deps);
  for (const rollout of halted.rollouts) {
    if (rollout.halted.length > 0)
      log.warn(
        { subject: rollout.subject, tracks: rollout.halted },
        'halted at start; resume it when you know why the server ended',
      );
  }
  await store.transact((tx) =>
    tx.ledger.append({
      chain: 'installation',
      event: 'server.started',
      body: { codeVersion: installation.codeVersion },
    }),
  );
  await installation.drills.closeLeftovers();
  const changed = await notePolicy(
    { store },
    policyFacts(config, await readDirectoryDefinition(config)),
    machineAccount(),
  );
  if (changed > 0) log.warn({ changed }, 'settings that decide who is reached were changed since the last start');
  const bulletins = makeBulletins(installation);
  const say = makeSayOnce(log, () => installation.clock.monotonicMs());
  const writeCheckpoint = makeCheckpointing(installation);
  let checkpointedAtMs = installation.clock.monotonicMs();
  const { metrics } = installation;
  const measures = makeServerMetrics(installation);
  const pages = makeHolderPages(installation);
  await pages.check();
  const services = around(measures.measured(makeServices(installation, pages)));
  const streams = new AbortController();
  const http: HttpOptions = {
    log,
    metrics,
    stopping: streams.signal,
    console: readConsoleFiles(),
    onRequest: (request) => measures.onRequest(request),
    trustedProxies: config.trustedProxies,
  };
  const server = serve({
    fetch: makeHttpApp(services, http).fetch,
    createServer: ((options: ServerOptions, router: RequestListener) =>
      createServer(options, makeNoticeFront(services, http, router))) as typeof createServer,
    hostname: config.host,
    port: config.port,
    // A list is taken for as long as its passwords are tried; a silent peer is let go all the same.
    serverOptions: { requestTimeout: 0 },
  });
  if ('setTimeout' in server) server.setTimeout(silentPeerMs);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const feedback = await runFeedback(installation);
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.host}:${port}`;

  const task = (name: string, pauseMs: number, work: () => Promise<void>): Repeated =>
    repeat(pauseMs, async () => {
      try {
        await work();
        say.well(name);
      } catch (error) {
        measures.onTaskFailed(name, error);
        say.failed(name, error, `a regular task of the server failed (${name}); it tries again`);
      }
    });
  const beat = task('sensor', sensorBeatMs, async () => {
    if (installation.clock.monotonicMs() - checkpointedAtMs > checkpointsMissedMs)
      throw new Failure('disk-full', 'No checkpoint could be written for five minutes: no permit is lent meanwhile.');
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(sensorBeatMs) });
    await answer.body?.cancel();
    if (!answer.ok) return;
    await store.transact((tx) => tx.rollouts.beatSensor(disputeSensor));
    if (hasFeedbackChannel(config) && (await feedback.isListening()))
      await store.transact((tx) => tx.rollouts.beatSensor(feedbackSensor));
  });
  const pendingHalts = task('pending-halts', pendingHaltMs, async () => {
    const entered = await enterPendingHalts(installation.halting.deps);
    if (entered > 0) log.warn({ entered }, 'halts were entered that were asked for while the database was away');
  });
  const checkpoint = task('checkpoint', checkpointMs, async () => {
    await writeCheckpoint();
    checkpointedAtMs = installation.clock.monotonicMs();
    measures.onCheckpoint();
  });
  // As `doctor` looks at it. What it finds is a line in the log as well: not everybody scrapes.
  const ledgerLook = task('ledger', ledgerLookMs, async () => {
    const { verdict, seen } = await checkLedger({
      store,
      clock: installation.clock,
      log: makeCheckpointFile(checkpointPath(config)),
      signatures,
      digests,
      deploymentId: deployment.deploymentId,
      ledgerPublicKey: installation.ledgerKey.publicKey,
    });
    measures.onLedgerLook(verdict !== 'fail');
    if (verdict === 'fail') log.error({ seen }, 'the ledger is not the one that its checkpoints saw');
  });
  const keyBeat = task('request-keys', beatSeconds * 1_000, () => services.requestKeys.beat());
  let stopping = false;
  const retention = task('retention', retentionMs, async () => {
    if ((await store.transact((tx) => tx.standing.behind())) !== null) return;
    const done = await runRetention(
      retentionDeps(installation, () => stopping),
      'retention',
    );
    if (done.plans.length + done.closed.length + done.batches.length + done.addresses.length > 0)
      log.info({ retention: done }, 'what has outlived its time was destroyed');
  });
  const bulletinRounds = task('operator-mail', bulletinsMs, async () => {
    if ((await store.transact((tx) => tx.standing.behind())) !== null) return;
    await beginRoles({ store });
    await bulletins.round();
  });
  const answers = task('appeal-answers', answersMs, async () => {
    if ((await store.transact((tx) => tx.standing.behind())) !== null) return;
    await pages.answerLifted(() => !stopping);
  });
  const listener = await listenForScrapes(installation, metrics);
  log.info({ url, feedbackPort: feedback.smtpPort }, 'server ready');
  return {
    url,
    metricsUrl: listener?.url ?? null,
    feedbackPort: feedback.smtpPort,
    async stop() {
      stopping = true;
      streams.abort();
      await beat.stop();
      await checkpoint.stop();
      await keyBeat.stop();
      await retention.stop();
      await bulletinRounds.stop();
      await answers.stop();
      await bulletins.close();
      await pendingHalts.stop();
      await ledgerLook.stop();
      await listener?.stop();
      await feedback.stop();
      await new Promise<void>((resolve) => {
        const cut = setTimeout(() => {
          if ('closeAllConnections' in server) server.closeAllConnections();
        }, lastWordsMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
      });
      await pages.close();
      await writeCheckpoint();
    },
  };
}
