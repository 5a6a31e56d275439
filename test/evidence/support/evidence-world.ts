import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { digests } from '../../../src/adapters/crypto/digests.ts';
import { makeListReader } from '../../../src/adapters/list/list-reader.ts';
import { makeDatabase, makePool } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { makeEvidenceStore } from '../../../src/adapters/postgres/evidence-store.ts';
import { makeLedgerStore } from '../../../src/adapters/postgres/ledger-store.ts';
import { migrate } from '../../../src/adapters/postgres/migrate.ts';
import { makeKeyRing } from '../../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../../src/adapters/seal/seal.ts';
import { importEvidence } from '../../../src/app/evidence/import-evidence.ts';
import type { ImportDeps } from '../../../src/app/evidence/import-evidence.ts';
import type { ImportProgress } from '../../../src/app/evidence/import-progress.ts';
import type { ImportOutcome, ImportRequest } from '../../../src/app/evidence/import-request.ts';
import type { PasswordSchemes } from '../../../src/app/ports/password-scheme.ts';
import type { Store, Tx } from '../../../src/app/ports/store.ts';
import type { AccountId } from '../../../src/domain/shared/ids.ts';
import { FakeDirectory } from '../../fakes/fake-directory.ts';
import { streamOf, utf8 } from './bytes.ts';

/** The scheme of the fake directory's holders, counting what is asked of it. */
export class CountingSchemes implements PasswordSchemes {
  readonly asked: { readonly password: string; readonly storedHash: string }[] = [];
  underWay = 0;
  mostUnderWay = 0;

  schemeOf(storedHash: string): string | null {
    return /^[0-9a-f]{16}:[0-9a-f]{64}$/.test(storedHash) ? 'fake' : null;
  }

  async verify(password: string, storedHash: string): Promise<boolean> {
    this.asked.push({ password, storedHash });
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await Promise.resolve();
    this.underWay -= 1;
    const [salt, key] = storedHash.split(':');
    return createHash('sha256').update(`${salt} ${password}`).digest('hex') === key;
  }

  secondsPerVerification(): Promise<number> {
    return Promise.resolve(0.5);
  }
}

/** One installation with a fake directory: everything of evidence is real but the directory and the cost of hashing. */
export class EvidenceWorld {
  readonly directory = new FakeDirectory();
  readonly schemes = new CountingSchemes();
  readonly seal = makeSeal(makeKeyRing(new Uint8Array(32).fill(7)));
  readonly sealedHashes = new Map<AccountId, string>();
  readonly progress: ImportProgress[] = [];
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly deps: ImportDeps;

  constructor(pool: pg.Pool) {
    this.pool = pool;
    const database: Kysely<Database> = makeDatabase(pool);
    this.store = {
      transact: (work) =>
        database
          .transaction()
          .execute((trx) =>
            work({ evidence: makeEvidenceStore(trx), ledger: makeLedgerStore(trx, digests) } as Partial<Tx> as Tx),
          ),
    };
    this.deps = {
      store: this.store,
      directory: this.directory,
      schemes: this.schemes,
      seal: this.seal,
      digests,
      reader: makeListReader(),
      clock: { now: () => new Date(0), monotonicMs: () => 0 },
      verifiers: 2,
      openSealedHash: (accountId) => Promise.resolve(this.sealedHashes.get(accountId) ?? null),
    };
  }

  /** Imports a list of leaked pairs from an outside source, unless told otherwise. */
  import(text: string | AsyncIterable<Uint8Array>, changes: Partial<ImportRequest> = {}): Promise<ImportOutcome> {
    const request: ImportRequest = {
      stream: typeof text === 'string' ? streamOf(utf8(text)) : text,
      source: { name: 'a forum', authority: 'outside' },
      class: 'credentials',
      importer: 'operator_1',
      fileName: 'list.txt',
      reportedBy: null,
      anew: false,
      ...changes,
    };
    return importEvidence(this.deps, request, (progress) => this.progress.push(progress));
  }

  /** Class, remark and lines of each account's evidence, read past the product. */
  async evidenceRows(): Promise<
    readonly { account_id: string; class: string; state: string; remark: string | null; lines_total: number }[]
  > {
    const { rows } = await this.pool.query(
      'SELECT account_id, class, state, remark, lines_total FROM evidence ORDER BY evidence_no',
    );
    return rows;
  }

  async ledgerEvents(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ event: string }>('SELECT event FROM ledger_entry ORDER BY seq');
    return rows.map((row) => row.event);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

export async function migratedPool(url: string): Promise<pg.Pool> {
  const pool = makePool({ url, applicationName: 'evidence-test', onIdleError: () => undefined });
  await migrate(pool);
  return pool;
}
