import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateChirp } from '../../examples/chirp/migrate-chirp.ts';
import { makeBetterAuthDirectory } from '../../src/adapters/directory/better-auth/better-auth-directory.ts';
import type { Directory } from '../../src/app/ports/directory.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';

const marker = 'allclear-q1$rp_1$00:-';
/** Each try asks the database, which takes longer than a swap takes to run into the lock. */
const mostTries = 1_000;

describe('a swap in the rows of better-auth', () => {
  const postgres = withTestPostgres();
  let pool: pg.Pool;
  let directory: Directory & { close: () => Promise<void> };
  let people = 0;

  beforeAll(async () => {
    const databaseUrl = await postgres.freshDatabase();
    pool = new pg.Pool({ connectionString: databaseUrl });
    pool.on('error', () => undefined);
    await migrateChirp(pool);
    directory = makeBetterAuthDirectory({ databaseUrl, name: 'chirp', environment: 'test' });
  });
  afterAll(async () => {
    await directory.close();
    await pool.end();
  });

  async function person(...passwords: (string | null)[]) {
    people += 1;
    const id = accountId(`u${people}`);
    await pool.query(
      `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", language, business, staff,
         "addressChangedAt")
       VALUES ($1, '', $1 || '@example.org', true, now(), now(), 'ja', $2, false, '2026-01-02T03:04:05Z')`,
      [id, people % 2 === 0],
    );
    for (const [at, password] of passwords.entries()) {
      await pool.query(
        `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
         VALUES ($1 || '-' || $2, $1, 'credential', $1, $3, now(), '2026-02-03T04:05:06Z')`,
        [id, at, password],
      );
    }
    return id;
  }

  const quarantine = async (id: ReturnType<typeof accountId>, expectedHash: string) =>
    (await directory.quarantine([{ accountId: id, expectedHash, marker }])).get(id);
  const stored = async (id: string) => {
    const { rows } = await pool.query<{ password: string }>('SELECT password FROM account WHERE "userId" = $1', [id]);
    return rows.map((row) => row.password);
  };

  async function untilSomebodyWaits(): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const { rowCount } = await pool.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'allclear-directory' AND wait_event_type = 'Lock'`,
      );
      if (rowCount === 1) return;
    }
    throw new Error('the swap never came to wait for the row');
  }

  it.each([
    ['COMMIT', 'changed', 'chosen since'],
    ['ROLLBACK', 'swapped', marker],
  ])('waits for a change of the holder, and after its %s is %s', async (end, result, held) => {
    const id = await person('old');
    const holder = await pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`UPDATE account SET password = 'chosen since' WHERE "userId" = $1`, [id]);
      const answer = quarantine(id, 'old');
      await untilSomebodyWaits();
      await holder.query(end);
      expect(await answer).toBe(result);
    } finally {
      holder.release();
    }
    expect(await stored(id)).toEqual([held]);
  });

  it('knows its own marker when a twin of the call wrote it while this one waited', async () => {
    const id = await person('old');
    const twin = await pool.connect();
    try {
      await twin.query('BEGIN');
      await twin.query('UPDATE account SET password = $2 WHERE "userId" = $1', [id, marker]);
      const answer = quarantine(id, 'old');
      await untilSomebodyWaits();
      await twin.query('COMMIT');
      expect(await answer).toBe('already');
    } finally {
      twin.release();
    }
  });

  it('gives up on a row that stays locked rather than wait for ever, and nothing was done', async () => {
    const [free, locked] = [await person('old'), await person('old')];
    const holder = await pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`SELECT FROM account WHERE "userId" = $1 FOR UPDATE`, [locked]);
      const requests = [free, locked].map((id) => ({ accountId: id, expectedHash: 'old', marker }));
      await expect(directory.quarantine(requests)).rejects.toMatchObject({ code: 'directory-unavailable' });
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    expect([await stored(free), await stored(locked)]).toEqual([['old'], ['old']]);
  });

  it('leaves alone an account with two passwords, of which either would still sign in', async () => {
    const id = await person('old', 'other');
    expect((await directory.readCredentials([id])).get(id)).toBeNull();
    expect(await quarantine(id, 'old')).toBe('changed');
    expect(await stored(id)).toEqual(['old', 'other']);
  });

  it('leaves the time at which the holder set the password', async () => {
    const id = await person('old');
    await quarantine(id, 'old');
    const account = (await directory.readAccounts([id])).get(id);
    expect(account?.passwordSetAt).toEqual(new Date('2026-02-03T04:05:06Z'));
  });

  it('is in a directory that tells what a service says of its people', async () => {
    const [usual, business] = [await person('old'), await person(null)];
    const accounts = await directory.readAccounts([usual, business]);
    const said = [usual, business].map((id) => accounts.get(id));
    const addressChangedAt = new Date('2026-01-02T03:04:05Z');
    expect(said).toMatchObject([
      { language: 'ja', addressChangedAt, addressConfirmed: true },
      { language: 'ja', addressChangedAt, hasPassword: false },
    ]);
    expect(new Set(said.map((account) => account?.protectedAs))).toEqual(new Set([null, 'business']));
  });
});
