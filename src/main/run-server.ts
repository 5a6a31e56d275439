import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { makeCheckpointFile } from '../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../adapters/crypto/digests.ts';
import { openCheckpointWriter } from '../app/ledger/write-checkpoint.ts';
import { runRetention } from '../app/retention/run-retention.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { CheckpointWriter } from '../app/ledger/write-checkpoint.ts';
import { haltRollout } from '../app/rollout/halt-rollout.ts';
import { haltAfterRestart } from '../app/rollout/halt-after-restart.ts';
import { noteFallenBehind } from '../app/rollout/note-fallen-behind.ts';
import { disputeSensor } from '../app/rollout/take-permit.ts';
import { makeHttpApp } from '../http/app.ts';
import { checkpointPath } from './installation.ts';
import type { Installation } from './installation.ts';
import { judgeInstallation } from './open-standing.ts';
import { makeSayOnce } from './say-once.ts';
import type { SayOnce } from './say-once.ts';
import { makeServices, retentionDeps } from './services.ts';

/** While the page can take "this is not right", the sensor says so this often. */
const sensorBeatMs = 2_000;
/** No byte either way for this long ends a connection: an import tells its progress far more often. */
const silentPeerMs = 300_000;
/** What has outlived its time is destroyed this often. */
const retentionMs = 3_600_000;
/** A checkpoint leaves the database this often, and at every stop. */
const checkpointMs = 60_000;
/** Where no checkpoint could be written for this long, nothing more is begun that only the database would know of. */
const checkpointsMissedMs = 5 * checkpointMs;

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server: halts what was running, then answers. It beats the dispute sensor only once its page can be reached. */
export async function runServer(installation: Installation): Promise<RunningServer> {
  const { config, log, store } = installation;
  const behindAtStart = await judgeInstallation(installation);
  if (behindAtStart !== null)
    log.error(
      { reason: behindAtStart },
      'this database may be older than the world: it can be read and halted, and nothing is sent or acted on. See docs/runbooks/restored-backup.md',
    );
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
  const say = makeSayOnce(log, () => installation.clock.monotonicMs());
  const writeCheckpoint = makeCheckpointing(installation);
  let checkpointedAtMs = installation.clock.monotonicMs();
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
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.host}:${port}`;

  const beat = repeat(sensorBeatMs, say, 'sensor', async () => {
    if (installation.clock.monotonicMs() - checkpointedAtMs > checkpointsMissedMs)
      throw new Failure('disk-full', 'No checkpoint could be written for five minutes: no permit is lent meanwhile.');
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(sensorBeatMs) });
    await answer.body?.cancel();
    if (answer.ok) await store.transact((tx) => tx.rollouts.beatSensor(disputeSensor));
  });
  const checkpoint = repeat(checkpointMs, say, 'checkpoint', async () => {
    await writeCheckpoint();
    checkpointedAtMs = installation.clock.monotonicMs();
  });
  let stopping = false;
  const retention = repeat(retentionMs, say, 'retention', async () => {
    if ((await store.transact((tx) => tx.standing.behind())) !== null) return;
    const done = await runRetention(
      retentionDeps(installation, () => stopping),
      'retention',
    );
    if (done.plans.length + done.closed.length + done.batches.length > 0)
      log.info({ retention: done }, 'what has outlived its time was destroyed');
  });
  log.info({ url }, 'server ready');
  return {
    url,
    async stop() {
      stopping = true;
      await beat.stop();
      await checkpoint.stop();
      await retention.stop();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await writeCheckpoint();
    },
  };
}

/**
 * Writes a checkpoint whenever it is called, and none while this database may be older than the world. Where the
 * database has come to lack what was written before (a failover, a restore under a running server), everything is halted.
 */
function makeCheckpointing(installation: Installation): () => Promise<void> {
  const { store, config, deployment, log } = installation;
  let writer: CheckpointWriter | null = null;
  return async () => {
    if ((await store.transact((tx) => tx.standing.behind())) !== null) {
      // Once the loss is accepted, the file says where to go on from.
      writer = null;
      return;
    }
    writer ??= await openCheckpointWriter({
      store,
      log: makeCheckpointFile(checkpointPath(config)),
      signer: installation.ledgerKey,
      digests,
      clock: installation.clock,
      deploymentId: deployment.deploymentId,
    });
    try {
      await writer.write();
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'database-behind') throw error;
      await noteFallenBehind(store, error.message, installation.journal.host);
      log.error({ reason: error.message }, 'the database lost a part of the past: everything is halted');
      await haltRollout(installation.halt, {
        subject: null,
        scope: 'all',
        by: 'database-behind',
        reason: error.message,
      });
    }
  };
}

/** Runs `work` now and after each pause, never twice at once; a failure is logged and the next round tries again. */
function repeat(pauseMs: number, say: SayOnce, name: string, work: () => Promise<void>): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  function round(): void {
    running = work()
      .then(() => say.well(name))
      .catch((error: unknown) =>
        say.failed(name, error, `a regular task of the server failed (${name}); it tries again`),
      )
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
