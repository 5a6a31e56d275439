import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { copyToStandby, initPrimary } from './debian-postgres.ts';
import type { DebianCluster } from './debian-postgres.ts';
import { startSwitchProxy } from './switch-proxy.ts';
import type { SwitchProxy } from './switch-proxy.ts';

/** How the database comes to lack the last commits. */
export const lossKinds = ['standby', 'cold-copy'] as const;
export type LossKind = (typeof lossKinds)[number];

/** A Postgres behind an address that stays, and that can be made to forget. */
export interface MovableDatabase {
  /** Of its maintenance database, by the address that stays. */
  readonly url: string;
  /** Makes ready what the loss needs, at leisure. */
  prepare(kind: LossKind): Promise<void>;
  /** From here on what is committed will be lost. */
  beginLoss(kind: LossKind): Promise<void>;
  /** The primary dies, and what lacks everything since `beginLoss` takes its place. */
  lose(kind: LossKind): Promise<void>;
  stop(): Promise<void>;
}

const caughtUpTries = 200;
const lookAgainMs = 50;

export async function startMovableDatabase(folder: string): Promise<MovableDatabase> {
  let made = 1;
  let primary = await initPrimary(folder, `primary-${made}`);
  let standby: DebianCluster | null = null;
  await primary.start();
  const front = await startSwitchProxy();
  // A standby hears of its primary through here, so that it can be made deaf at an exact moment.
  const stream = await startSwitchProxy();
  front.lead(primary.port);

  async function streamToStandby(): Promise<DebianCluster> {
    stream.lead(primary.port);
    made += 1;
    const copy = await copyToStandby(folder, `standby-${made}`, stream.port);
    await copy.start();
    await untilCaughtUp(primary, copy);
    return copy;
  }

  return {
    url: `postgresql://allclear@127.0.0.1:${front.port}/postgres`,
    async prepare(kind) {
      if (kind === 'standby') standby = await streamToStandby();
    },
    async beginLoss(kind) {
      if (kind === 'cold-copy') {
        await restarted(front, primary, () => primary.copyCold());
        return;
      }
      if (standby !== null) await untilCaughtUp(primary, standby);
      stream.lead(null);
    },
    async lose(kind) {
      front.lead(null);
      await primary.end('SIGKILL');
      if (kind === 'cold-copy') {
        await primary.putCopyBack();
        await primary.start();
      } else {
        if (standby === null) throw new Error('there is no standby to promote');
        await standby.promote();
        await primary.remove();
        primary = standby;
        standby = null;
      }
      front.lead(primary.port);
    },
    async stop() {
      await front.stop();
      await stream.stop();
      await standby?.end('SIGKILL');
      await primary.end('SIGKILL');
    },
  };
}

/** Shut down as for maintenance, and up again. */
async function restarted(front: SwitchProxy, primary: DebianCluster, meanwhile: () => Promise<void>): Promise<void> {
  front.lead(null);
  await primary.end('SIGINT');
  await meanwhile();
  await primary.start();
  front.lead(primary.port);
}

/** Until the standby has all that the primary had written when it was asked. */
async function untilCaughtUp(primary: DebianCluster, standby: DebianCluster): Promise<void> {
  const position = await ask(primary, 'SELECT pg_current_wal_lsn()::text AS at');
  for (let left = caughtUpTries; left > 0; left -= 1) {
    const there = await ask(standby, `SELECT (pg_last_wal_replay_lsn() >= '${position}')::text AS at`);
    if (there === 'true') return;
    await delay(lookAgainMs);
  }
  throw new Error('the standby never caught up with its primary');
}

async function ask({ url }: DebianCluster, statement: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ at: string }>(statement);
    return rows[0]?.at ?? '';
  } finally {
    await client.end();
  }
}
