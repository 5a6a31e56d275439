import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateChirp } from '../../examples/chirp/migrate-chirp.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeBetterAuthDirectory } from '../../src/adapters/directory/better-auth/better-auth-directory.ts';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { makeRestorePointStore } from '../../src/adapters/postgres/restore-point-store.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import type { ActionDeps } from '../../src/app/action/action-deps.ts';
import { containAccounts } from '../../src/app/action/contain-accounts.ts';
import { openSealedHash } from '../../src/app/action/open-sealed-hash.ts';
import { restoreAccounts } from '../../src/app/action/restore-accounts.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';

/** The largest call there is. */
const people = 1_000;

describe('containing and restoring, with our state and the accounts in real databases', () => {
  const postgres = withTestPostgres();
  let own: pg.Pool;
  let service: pg.Pool;
  let directory: ReturnType<typeof makeBetterAuthDirectory>;
  let deps: ActionDeps;

  beforeAll(async () => {
    const serviceUrl = await postgres.freshDatabase();
    service = new pg.Pool({ connectionString: serviceUrl });
    service.on('error', () => undefined);
    await migrateChirp(service);
    own = makePool({ url: await postgres.freshDatabase(), applicationName: 'test', onIdleError: () => undefined });
    await migrate(own);
    const database = makeDatabase(own);
    directory = makeBetterAuthDirectory({ databaseUrl: serviceUrl, name: 'chirp', environment: 'test' });
    deps = {
      store: {
        transact: (work) =>
          database.transaction().execute((trx) => work({ restorePoints: makeRestorePointStore(trx) })),
      },
      directory,
      seal: makeSeal(makeKeyRing(createHash('sha256').update('a test').digest())),
      digests,
      deployment: 'test',
    };
  });
  afterAll(async () => {
    await directory.close();
    await service.end();
    await own.end();
  });

  /** Accounts with hashes of the right form, which nobody signs in to, and a session each. */
  async function addPeople(prefix: string): Promise<ReadonlyMap<AccountId, string>> {
    const hashes = new Map(
      Array.from({ length: people }, (_, at) => {
        const hash = `${randomBytes(16).toString('hex')}:${randomBytes(64).toString('hex')}`;
        return [accountId(`${prefix}${at}`), hash] as const;
      }),
    );
    const columns = [[...hashes.keys()], [...hashes.values()]];
    await service.query(
      `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", language, business, staff)
       SELECT id, '', id || '@example.org', true, now(), now(), 'en', false, false FROM unnest($1::text[]) AS id`,
      columns.slice(0, 1),
    );
    await service.query(
      `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
       SELECT id, id, 'credential', id, hash, now(), now() FROM unnest($1::text[], $2::text[]) AS each (id, hash)`,
      columns,
    );
    await service.query(
      `INSERT INTO session (id, "userId", token, "expiresAt", "createdAt", "updatedAt")
       SELECT id, id, id, now() + interval '1 day', now(), now() FROM unnest($1::text[]) AS id`,
      columns.slice(0, 1),
    );
    return hashes;
  }

  const contain = (plan: PlanId, hashes: Iterable<readonly [AccountId, string]>) =>
    containAccounts(deps, {
      plan,
      directory: 'chirp',
      accounts: Array.from(hashes, ([id, hash]) => ({
        effect: 'quarantine' as const,
        accountId: id,
        credentialDigest: digests.sha256(hash),
      })),
    });
  const restore = (plan: PlanId, accounts: Iterable<AccountId>) =>
    restoreAccounts(
      { ...deps, liveEvidence: async () => new Set() },
      { retraction: 'retraction_1', plan, directory: 'chirp', accounts: [...accounts] },
    );

  it('takes and gives back a thousand passwords in one call each, byte for byte', async () => {
    const hashes = await addPeople('a');
    expect(new Set((await contain('plan_1', hashes)).values())).toEqual(new Set(['contained']));
    const live = await directory.readCredentials([...hashes.keys()]);
    for (const [id, hash] of [...hashes].slice(0, 20)) {
      const named = deps.seal.readMarker('chirp', id, live.get(id) ?? '') ?? '';
      expect(await openSealedHash({ ...deps, directoryName: 'chirp' }, id, named)).toBe(hash);
    }
    const { rowCount } = await service.query(`SELECT FROM session WHERE "userId" LIKE 'a%'`);
    expect(rowCount).toBe(0);
    expect(new Set((await restore('plan_1', hashes.keys())).values())).toEqual(new Set(['restored']));
    expect(await directory.readCredentials([...hashes.keys()])).toEqual(hashes);
  });

  it('takes each password once when several workers were given the same thousand in any order', async () => {
    const hashes = await addPeople('b');
    const orders = [[...hashes], [...hashes].toReversed(), [...hashes].toSorted(([, a], [, b]) => (a < b ? -1 : 1))];
    const settled = await Promise.allSettled(orders.map((order) => contain('plan_2', order)));
    expect(settled.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    // A worker that lost a race may not know yet; asked again, it does.
    expect(new Set((await contain('plan_2', hashes)).values())).toEqual(new Set(['contained']));
    const points = await own.query<{ state: string; count: number }>(
      'SELECT state, count(*) AS count FROM restore_point WHERE plan_no = 2 GROUP BY state',
    );
    expect(points.rows).toEqual([{ state: 'open', count: people }]);
    await restore('plan_2', hashes.keys());
    expect(await directory.readCredentials([...hashes.keys()])).toEqual(hashes);
  });

  it('lets one of two plans that were given the same thousand have each of them', async () => {
    const hashes = await addPeople('c');
    await Promise.all([contain('plan_3', hashes), contain('plan_4', [...hashes].toReversed())]);
    await contain('plan_3', hashes);
    await contain('plan_4', hashes);
    const open = await own.query(
      `SELECT FROM restore_point WHERE account_id LIKE 'c%' AND state = 'open' AND plan_no IN (3, 4)`,
    );
    expect(open.rowCount).toBe(people);
    await restore('plan_3', hashes.keys());
    await restore('plan_4', hashes.keys());
    expect(await directory.readCredentials([...hashes.keys()])).toEqual(hashes);
  });
});
