import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { digests } from '../src/adapters/crypto/digests.ts';
import { openLedgerKey } from '../src/adapters/crypto/key-file.ts';
import { makeSigningKey } from '../src/adapters/crypto/signing-key.ts';
import type { SigningKey } from '../src/adapters/crypto/signing-key.ts';
import { createDatabase } from '../src/adapters/embedded/databases.ts';
import { startEmbeddedPostgres } from '../src/adapters/embedded/postgres.ts';
import { makeFilePermitJournal } from '../src/adapters/fence/file-permit-journal.ts';
import { makeNoticeNumbers } from '../src/adapters/notice/notice-numbers.ts';
import { makeDatabase, makePool } from '../src/adapters/postgres/database.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { makeStore } from '../src/adapters/postgres/store.ts';
import { makeKeyRing } from '../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../src/adapters/seal/seal.ts';
import { readTemplateCatalog } from '../src/adapters/template/read-template-catalog.ts';
import { openDeployment } from '../src/app/deployment/open-deployment.ts';
import type { PermitJournal } from '../src/app/ports/permit-journal.ts';
import type { Seal } from '../src/app/ports/seal.ts';
import type { Store } from '../src/app/ports/store.ts';
import type { TemplateCatalog } from '../src/app/ports/template-catalog.ts';
import type { NoticeNumbers } from '../src/app/ports/notice-numbers.ts';
import type { OperatorId } from '../src/domain/shared/ids.ts';

export interface BenchPerson {
  readonly id: OperatorId;
  readonly key: SigningKey;
}

/** An empty installation on a Postgres of its own, with the durability of a real one. */
export interface BenchWorld {
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly seal: Seal;
  readonly templates: TemplateCatalog;
  readonly noticeNumbers: NoticeNumbers;
  readonly deploymentId: string;
  readonly postmasterPid: number;
  /** What a worker of this installation is started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly journal: PermitJournal;
  readonly author: BenchPerson;
  readonly approvers: readonly BenchPerson[];
  /** Another database of the same cluster: a directory of accounts. */
  directoryUrl(): Promise<string>;
  close(): Promise<void>;
}

const templateFolder = fileURLToPath(new URL('../templates/notices/', import.meta.url));
/** Keys of no installation: what they seal is thrown away. */
const sealingKey = new Uint8Array(32).fill(7);

export async function openBenchWorld(): Promise<BenchWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'allclear-bench-'));
  const cluster = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const url = await createDatabase(cluster.url, 'allclear_bench');
  const ledgerKeyFile = join(folder, 'ledger.key');
  const pool = makePool({
    url,
    applicationName: 'allclear bench',
    onIdleError: () => undefined,
  });
  await migrate(pool);
  const store = makeStore(makeDatabase(pool), digests);
  const keys = makeKeyRing(sealingKey);
  const { deploymentId } = await openDeployment(
    { store, digests },
    { name: 'bench', environment: 'sample', ledgerPublicKey: (await openLedgerKey(ledgerKeyFile)).key.publicKey },
  );
  return {
    pool,
    store,
    seal: makeSeal(keys),
    templates: await readTemplateCatalog(templateFolder, digests),
    noticeNumbers: makeNoticeNumbers(keys.derive('notice-number')),
    deploymentId,
    postmasterPid: cluster.pid,
    env: {
      ALLCLEAR_HOME: join(folder, 'home'),
      ALLCLEAR_STATE_DIR: join(folder, 'state'),
      ALLCLEAR_ENVIRONMENT: 'sample',
      ALLCLEAR_SERVICE_NAME: 'bench',
      ALLCLEAR_LEDGER_KEY_FILE: ledgerKeyFile,
      ALLCLEAR_SEAL_KEY_FILE: join(folder, 'seal.key'),
      ALLCLEAR_SUPPORT_CONTACT: 'help@bench.example',
      ALLCLEAR_DIRECTORY_URL: cluster.url,
      DATABASE_URL: url,
      MAIL_FROM: 'Bench security <security@bench.example>',
      PUBLIC_URL: 'http://127.0.0.1:1',
      LOG_LEVEL: 'error',
    },
    journal: makeFilePermitJournal(join(folder, 'state')),
    author: await addPerson(store, 'author'),
    approvers: [await addPerson(store, 'first'), await addPerson(store, 'second')],
    directoryUrl: () => createDatabase(cluster.url, 'directory'),
    async close() {
      await pool.end();
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function addPerson(store: Store, name: string): Promise<BenchPerson> {
  const key = makeSigningKey();
  const operator = await store.transact(async (tx) =>
    tx.operators.add({
      name,
      email: `${name}@bench.example`,
      publicKey: key.publicKey,
      role: 'operator',
      state: 'active',
      activeFrom: await tx.approvals.now(),
      addedBy: null,
    }),
  );
  return { id: operator.operatorId, key };
}
