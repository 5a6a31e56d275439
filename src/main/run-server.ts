import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { makeCheckpointFile } from '../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../adapters/crypto/digests.ts';
import { openCheckpointWriter } from '../app/ledger/write-checkpoint.ts';
import { runRetention } from '../app/retention/run-retention.ts';
import { haltAfterRestart } from '../app/rollout/halt-after-restart.ts';
import { feedbackSensor } from '../app/rollout/judge-returned.ts';
import { disputeSensor } from '../app/rollout/take-permit.ts';
import { makeHttpApp } from '../http/app.ts';
import { hasFeedbackChannel } from './feedback-channels.ts';
import { checkpointPath } from './installation.ts';
import type { Installation } from './installation.ts';
import { runFeedback } from './run-feedback.ts';
import { makeServices, retentionDeps } from './services.ts';

/** While the page can take "this is not right", the sensor says so this often. */
const sensorBeatMs = 2_000;
/** No byte either way for this long ends a connection: an import tells its progress far more often. */
const silentPeerMs = 300_000;
/** What has outlived its time is destroyed this often. */
const retentionMs = 3_600_000;
/** A checkpoint leaves the database this often, and at every stop. */
const checkpointMs = 60_000;

export interface RunningServer {
  readonly url: string;
  /** Where mail that comes back is taken; null where no port is configured for it. */
  readonly feedbackPort: number | null;
  stop(): Promise<void>;
}

/** The server: halts what was running, then answers. It beats the dispute sensor only once its page can be reached. */
export async function runServer(installation: Installation): Promise<RunningServer> {
  const { config, log, store, deployment } = installation;
  const halted = await haltAfterRestart(installation.halt);
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
  const checkpoints = await openCheckpointWriter({
    store,
    log: makeCheckpointFile(checkpointPath(config)),
    signer: installation.ledgerKey,
    digests,
    clock: installation.clock,
    deploymentId: deployment.deploymentId,
  });
  const app = makeHttpApp(makeServices(installation), { log });
  const server = serve({
    fetch: app.fetch,
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

  const beat = repeat(sensorBeatMs, log, async () => {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(sensorBeatMs) });
    await answer.body?.cancel();
    if (!answer.ok) return;
    await store.transact((tx) => tx.rollouts.beatSensor(disputeSensor));
    if (hasFeedbackChannel(config) && (await feedback.isListening()))
      await store.transact((tx) => tx.rollouts.beatSensor(feedbackSensor));
  });
  const checkpoint = repeat(checkpointMs, log, async () => void (await checkpoints.write()));
  let stopping = false;
  const retention = repeat(retentionMs, log, async () => {
    const done = await runRetention(
      retentionDeps(installation, () => stopping),
      'retention',
    );
    if (done.plans.length + done.closed.length + done.batches.length > 0)
      log.info({ retention: done }, 'what has outlived its time was destroyed');
  });
  log.info({ url, feedbackPort: feedback.smtpPort }, 'server ready');
  return {
    url,
    feedbackPort: feedback.smtpPort,
    async stop() {
      stopping = true;
      await beat.stop();
      await checkpoint.stop();
      await retention.stop();
      await feedback.stop();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await checkpoints.write();
    },
  };
}

/** Runs `work` now and after each pause, never twice at once; a failure is logged and the next round tries again. */
function repeat(pauseMs: number, log: Installation['log'], work: () => Promise<void>): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  function round(): void {
    running = work()
      .catch((error: unknown) => log.warn({ err: error }, 'a regular task of the server failed; it tries again'))
      .finally(() => {
        if (!stopped) timer = setTimeout(round, pauseMs);
      });
  }
  round();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
