import type pg from 'pg';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { makeRateStore } from '../../src/adapters/postgres/rate-store.ts';
import type { RateAsk, RateStore } from '../../src/app/ports/rate-store.ts';
import { readMailRate } from '../../src/app/rollout/read-mail-rate.ts';
import type { MailRates } from '../../src/domain/rate/mail-rates.ts';
import { bucketOf, countsForMs } from '../../src/domain/rate/rate-limit.ts';
import { migratedDatabase } from '../support/ledger-world.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
let pool: pg.Pool;
let store: RateStore;
const askedAtMs = 1_000_000;

beforeAll(async () => {
  const url = await postgres.freshDatabase().then(migratedDatabase);
  pool = makePool({ url, applicationName: 'test', onIdleError: () => undefined });
  store = makeRateStore(makeDatabase(pool));
  return () => pool.end();
});
beforeEach(() => pool.query('TRUNCATE mail_rate'));

const rates: MailRates = {
  all: [],
  eachDomain: [{ messages: 10, windowSeconds: 3_600 }],
  domains: [{ domain: 'named.test', limits: [{ messages: 2, windowSeconds: 3_600 }] }],
  providers: [],
  reserve: 0.2,
};

/** As a worker asks for so many notices to one domain. */
function ask(key: string, ordinary: number, most: number): Promise<unknown> {
  const one: RateAsk = {
    key,
    ordinary,
    correction: 0,
    newestSeen: 0,
    windows: [
      {
        windowSeconds: 3_600,
        most,
        ordinaryMost: Math.max(1, Math.floor(most * 0.8)),
        bucket: bucketOf(3_600, askedAtMs),
        countsForMs: countsForMs(3_600),
        seenUpTo: -1,
      },
    ],
    unused: [],
  };
  return store.lease({ holder: 'w', bootId: 'boot', askedAtMs, lifeMs: 1_000, wallMs: askedAtMs }, [one]);
}

test('domains that hold notices back are counted with when the first has room again, and none of them is named', async () => {
  await ask('domain:3f9a', 20, 10);
  await ask('domain:77c1', 30, 10);
  await ask('domain:roomy', 3, 10);
  await ask('domain:named.test', 5, 2);
  const status = await readMailRate({ rates, store }, []);
  expect(status?.eachDomain).toMatchObject({
    limits: [{ windowSeconds: 3_600, allowed: 10, forNotices: 8 }],
    waiting: 2,
  });
  expect(status?.eachDomain?.freeInSeconds).toBeGreaterThan(3_500);
  expect(status?.eachDomain?.freeInSeconds).toBeLessThanOrEqual(3_700);
  expect(status?.limits).toEqual([
    { key: 'domain:named.test', windowSeconds: 3_600, allowed: 2, forNotices: 1, used: 1 },
  ]);
  expect(JSON.stringify(status)).not.toMatch(/3f9a|77c1/);
});

test('a domain whose wait is over, and one that got all that it asked for, holds nothing back', async () => {
  await ask('domain:3f9a', 20, 10);
  await pool.query(`UPDATE mail_rate SET changed_at = changed_at - interval '2 hours'`);
  await ask('domain:roomy', 3, 10);
  expect((await readMailRate({ rates, store }, []))?.eachDomain).toMatchObject({ waiting: 0, freeInSeconds: null });
});

test('where a rate is named for each domain alone it is shown all the same, and nothing where none is', async () => {
  const alone = { ...rates, domains: [] };
  expect(await readMailRate({ rates: alone, store }, [])).toMatchObject({ limits: [], eachDomain: { waiting: 0 } });
  expect(await readMailRate({ rates: { ...alone, eachDomain: [] }, store }, [])).toBeNull();
});
