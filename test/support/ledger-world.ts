import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { makeCheckpointFile } from '../../src/adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import { makeApprovalStore } from '../../src/adapters/postgres/approval-store.ts';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import type { Database, DatabaseTx } from '../../src/adapters/postgres/database.ts';
import { makeDeploymentStore } from '../../src/adapters/postgres/deployment-store.ts';
import { makeFeedbackStore } from '../../src/adapters/postgres/feedback-store.ts';
import { makeLedgerStore } from '../../src/adapters/postgres/ledger-store.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { makeOperatorStore } from '../../src/adapters/postgres/operator-store.ts';
import { makePasskeyStore } from '../../src/adapters/postgres/passkey-store.ts';
import { makePlanStore } from '../../src/adapters/postgres/plan-store.ts';
import { makeSessionStore } from '../../src/adapters/postgres/session-store.ts';
import { openDeployment } from '../../src/app/deployment/open-deployment.ts';
import { verifyLedger } from '../../src/app/ledger/verify-ledger.ts';
import type { LedgerVerdict } from '../../src/app/ledger/verify-ledger.ts';
import { openCheckpointWriter } from '../../src/app/ledger/write-checkpoint.ts';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { Store, Tx } from '../../src/app/ports/store.ts';
import { makeTempFolder } from './temp-folder.ts';

export const fixedClock: Clock = { now: () => new Date('2026-11-03T04:05:06.789Z'), monotonicMs: () => 0 };

/** The stores of the installation alone: ledger, deployment, operators, approvals. */
export function makeInstallationStore(db: Kysely<Database>): Store {
  return { transact: (work) => db.transaction().execute((trx) => work(installationTx(trx))) };
}

function installationTx(trx: DatabaseTx): Tx {
  return {
    ledger: makeLedgerStore(trx, digests),
    feedback: makeFeedbackStore(trx),
    deployment: makeDeploymentStore(trx),
    operators: makeOperatorStore(trx),
    approvals: makeApprovalStore(trx),
    plans: makePlanStore(trx),
    passkeys: makePasskeyStore(trx),
    sessions: makeSessionStore(trx),
  } as Tx;
}

/** Runs SQL as somebody would who has the database but not the code. */
export type RunSql = <Row = unknown>(text: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>;

export interface LedgerWorld {
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly deploymentId: string;
  readonly checkpointPath: string;
  /** Outcome vectors as the rollouts would hold them, by `rollout track from attempt`. */
  readonly vectors: Map<string, Uint8Array>;
  writeCheckpoint(): Promise<number>;
  verify(): Promise<LedgerVerdict>;
  /** What `verify` says after `plant`; then everything is as before. */
  verifyAfter(plant: (run: RunSql) => Promise<void>): Promise<LedgerVerdict>;
  /** The same ledger key and checkpoint file over another database: what a restored copy meets. */
  onDatabase(url: string): LedgerWorld;
  close(): Promise<void>;
}

export async function migratedDatabase(url: string): Promise<string> {
  const pool = poolOn(url);
  await migrate(pool);
  await pool.end();
  return url;
}

/** A new deployment on a migrated, empty database. */
export async function makeLedgerWorld(url: string): Promise<LedgerWorld> {
  const key = makeSigningKey();
  const checkpointPath = join(makeTempFolder('checkpoints'), 'checkpoints.ndjson');
  const log = makeCheckpointFile(checkpointPath);
  const pool = poolOn(url);
  const opened = await openDeployment(
    { store: makeInstallationStore(makeDatabase(pool)), digests },
    { name: 'test', environment: 'sample', ledgerPublicKey: key.publicKey },
  );
  const deploymentId = opened.deploymentId;

  function worldOn(worldPool: pg.Pool): LedgerWorld {
    const db = makeDatabase(worldPool);
    const store = makeInstallationStore(db);
    const vectors = new Map<string, Uint8Array>();
    const verifyIn = (verified: Store): Promise<LedgerVerdict> =>
      verifyLedger({
        store: verified,
        log,
        digests,
        signatures,
        deploymentId,
        ledgerPublicKey: key.publicKey,
        readOutcomeVector: (...range) => Promise.resolve(vectors.get(range.join(' ')) ?? null),
      });
    return {
      pool: worldPool,
      store,
      deploymentId,
      checkpointPath,
      vectors,
      onDatabase: (otherUrl) => worldOn(poolOn(otherUrl)),
      async writeCheckpoint() {
        const writer = await openCheckpointWriter({
          store,
          log,
          signer: key,
          digests,
          clock: fixedClock,
          deploymentId,
        });
        return writer.write();
      },
      verify: () => verifyIn(store),
      async verifyAfter(plant) {
        const trx = await db.startTransaction().execute();
        try {
          await plant(async <Row>(text: string, parameters: readonly unknown[] = []) => {
            const { rows } = await trx.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
            return rows;
          });
          return await verifyIn({ transact: (work) => work(installationTx(trx)) });
        } finally {
          await trx.rollback().execute();
        }
      },
      close: () => worldPool.end(),
    };
  }
  return worldOn(pool);
}

function poolOn(url: string): pg.Pool {
  return makePool({ url, applicationName: 'test', onIdleError: () => undefined });
}
