import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import type { SqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openPool, openShop } from './shop.ts';
import type { Shop } from './shop.ts';

const role = 'allclear_least';
const capPerHour = 30;
const seal = makeSeal(makeKeyRing(Buffer.alloc(32, 7)));
const password = 'tulips and 9 herons';

describe('the role that a stolen worker holds', () => {
  const postgres = withTestPostgres();
  let shop: Shop;
  let stolen: pg.Pool;
  let directory: SqlDirectory;
  const refusals: string[] = [];
  let people = 0;

  beforeAll(async () => {
    shop = await openShop(await postgres.freshDatabase());
    const { mapping, sql } = await shop.propose('functions', { role, capPerHour });
    await shop.pool.query(sql);
    const databaseUrl = shop.urlAs(role);
    stolen = openPool(databaseUrl);
    directory = makeSqlDirectory({
      databaseUrl,
      name: 'shop',
      environment: 'test',
      mapping,
      onCapReached: (message) => refusals.push(message),
    });
  });
  afterAll(async () => {
    await directory.close();
    await stolen.end();
    await shop.close();
  });

  async function person() {
    people += 1;
    const address = `kestrel${people}@example.org`;
    const id = await shop.signUp({ address, password });
    const hash = (await shop.storedHash(id)) ?? '';
    return { id, address, hash, marker: seal.marker('shop', id, `rp_${people}`) };
  }
  const quarantine = async (who: { id: AccountId; hash: string; marker: string }) =>
    (await directory.quarantine([{ accountId: who.id, expectedHash: who.hash, marker: who.marker }])).get(who.id);
  const forget = () => shop.pool.query('DELETE FROM allclear_guard.spent');

  it('writes no hash, deletes no session and reads nothing that it has no use for', async () => {
    const { id } = await person();
    for (const attempt of [
      `UPDATE "Members" SET password_digest = 'mine' WHERE id = ${id}`,
      `UPDATE "Members" SET email = 'mine@example.org' WHERE id = ${id}`,
      'DELETE FROM login_sessions',
      'SELECT token FROM login_sessions',
      'SELECT nickname FROM "Members"',
      'SELECT hash FROM allclear_guard.kept_hash',
      'UPDATE allclear_guard.cap SET per_hour = 1000000',
      'DELETE FROM allclear_guard.spent',
      "SELECT allclear_guard.count_one('restore')",
      'DROP FUNCTION allclear_guard.allclear_restore(bigint, text)',
    ]) {
      await expect(stolen.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
    }
    expect((await directory.check()).roleCanWriteHashes).toBe(false);
  });

  it('cannot pass a hash of its own choosing off as a marker', async () => {
    const [who, thief] = [await person(), await person()];
    for (const marker of [
      thief.hash,
      '',
      `${who.marker}${thief.hash}`,
      `${thief.hash}\n${who.marker}`,
      `${who.marker}\n`,
    ]) {
      const attempt = stolen.query('SELECT allclear_guard.allclear_quarantine($1, $2, $3)', [who.id, who.hash, marker]);
      await expect(attempt).rejects.toMatchObject({ code: 'ALC02' });
    }
    expect(await shop.storedHash(who.id)).toBe(who.hash);
  });

  it('cannot move the hash of one account to another through the way back', async () => {
    const [who, thief] = [await person(), await person()];
    await quarantine(who);
    await quarantine(thief);
    expect((await directory.restore([{ accountId: who.id, marker: thief.marker, hash: thief.hash }])).get(who.id)).toBe(
      'changed',
    );
    // The victim's own marker, and the thief's hash beside it: the database gives back what it kept, and nothing else.
    expect((await directory.restore([{ accountId: who.id, marker: who.marker, hash: thief.hash }])).get(who.id)).toBe(
      'swapped',
    );
    expect(await shop.storedHash(who.id)).toBe(who.hash);
    expect(await shop.storedHash(thief.id)).toBe(thief.marker);
  });

  it('restores what it never quarantined for nobody, whatever marker it makes up', async () => {
    const who = await person();
    await shop.pool.query('UPDATE "Members" SET password_digest = $2 WHERE id = $1', [who.id, who.marker]);
    expect((await directory.restore([{ accountId: who.id, marker: who.marker, hash: who.hash }])).get(who.id)).toBe(
      'changed',
    );
    expect(await shop.storedHash(who.id)).toBe(who.marker);
  });

  it('gives back the byte-same hash, and keeps no copy of it afterwards', async () => {
    const who = await person();
    expect(await quarantine(who)).toBe('swapped');
    await directory.restore([{ accountId: who.id, marker: who.marker, hash: who.hash }]);
    expect(await shop.storedHash(who.id)).toBe(who.hash);
    const { rows } = await shop.pool.query('SELECT hash FROM allclear_guard.kept_hash WHERE account = $1', [who.id]);
    expect(rows).toEqual([{ hash: null }]);
  });

  it('is not led astray by a function or table of its own in another schema', async () => {
    const who = await person();
    const client = await stolen.connect();
    try {
      await client.query('CREATE TEMP TABLE cap (what text, per_hour integer)');
      await client.query("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'");
      await client.query('SET search_path = pg_temp, public');
      await client.query('SELECT allclear_guard.allclear_quarantine($1, $2, $3)', [who.id, who.hash, who.marker]);
    } finally {
      client.release(true);
    }
    const { rows } = await shop.pool.query<{ right: boolean }>(
      `SELECT digest = sha256(convert_to(hash, 'UTF8')) AS right FROM allclear_guard.kept_hash WHERE account = $1`,
      [who.id],
    );
    expect(rows).toEqual([{ right: true }]);
  });

  it('is stopped by the cap of the hour also when it asks from many sides at once', async () => {
    await forget();
    const crowd = await Promise.all(Array.from({ length: capPerHour + 10 }, person));
    const answers = await Promise.allSettled(crowd.map(quarantine));
    const swapped = answers.filter((answer) => answer.status === 'fulfilled' && answer.value === 'swapped');
    expect(swapped).toHaveLength(capPerHour);
    const stored = await Promise.all(crowd.map((who) => shop.storedHash(who.id)));
    expect(stored.filter((hash, at) => hash === crowd[at]?.marker)).toHaveLength(capPerHour);
    expect(refusals).toHaveLength(10);
    expect(refusals[0]).toContain(`at most ${capPerHour} accounts an hour`);
  });

  it('does nothing of a batch that the cap refuses, and says so', async () => {
    await forget();
    const crowd = await Promise.all(Array.from({ length: capPerHour + 1 }, person));
    const requests = crowd.map((who) => ({ accountId: who.id, expectedHash: who.hash, marker: who.marker }));
    await expect(directory.quarantine(requests)).rejects.toMatchObject({
      code: 'directory-unavailable',
      message: expect.stringContaining('at most 30 accounts an hour'),
    });
    const stored = await Promise.all(crowd.map((who) => shop.storedHash(who.id)));
    expect(stored).toEqual(crowd.map((who) => who.hash));
  });

  it('gets no fresh cap at the turn of the hour', async () => {
    await forget();
    const spend = (minutes: number) =>
      shop.pool.query(
        `INSERT INTO allclear_guard.spent VALUES ('quarantine', date_trunc('minute', now()) - $1 * interval '1 minute', $2)`,
        [minutes, capPerHour],
      );
    await spend(59);
    await expect(quarantine(await person())).rejects.toMatchObject({ code: 'directory-unavailable' });
    await forget();
    await spend(62);
    expect(await quarantine(await person())).toBe('swapped');
  });
});

describe('the role of a service whose sessions are tokens', () => {
  const postgres = withTestPostgres();

  it('ends sessions by the function alone, under its cap, and sets no version of its own choosing', async () => {
    const shop = await openShop(await postgres.freshDatabase(), 'versioned');
    const { mapping, sql } = await shop.propose('functions', { role: 'versioned_role', capPerHour: 2 });
    await shop.pool.query(sql);
    const databaseUrl = shop.urlAs('versioned_role');
    const thief = openPool(databaseUrl);
    const tokens = makeSqlDirectory({ databaseUrl, name: 'shop', environment: 'test', mapping });
    try {
      const ids: AccountId[] = [];
      for (const one of ['a', 'b', 'c']) ids.push(await shop.signUp({ address: `${one}@example.org`, password }));
      for (const attempt of [
        'UPDATE "Members" SET token_version = 0',
        'SELECT token_version FROM "Members"',
        "SELECT allclear_guard.count_one('end_sessions')",
      ]) {
        await expect(thief.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
      }
      const sessions = [await shop.signIn('a@example.org', password), await shop.signIn('b@example.org', password)];
      expect([...(await tokens.endSessions(ids.slice(0, 1)))]).toEqual([[ids[0], 1]]);
      expect(await shop.isAlive(sessions[0] ?? '')).toBe(false);
      expect(await shop.isAlive(sessions[1] ?? '')).toBe(true);
      await expect(tokens.endSessions(ids)).rejects.toMatchObject({ message: expect.stringContaining('at most 2') });
      expect(await shop.isAlive(sessions[1] ?? '')).toBe(true);
    } finally {
      await tokens.close();
      await thief.end();
      await shop.close();
    }
  });

  it('suspends and lifts its own suspensions alone, by functions under a cap, and never the word of the service', async () => {
    const shop = await openShop(await postgres.freshDatabase(), 'oneTable');
    const { mapping, sql } = await shop.propose('functions', { role: 'suspending_role', capPerHour: 2 });
    await shop.pool.query(sql);
    const databaseUrl = shop.urlAs('suspending_role');
    const thief = openPool(databaseUrl);
    const members = makeSqlDirectory({ databaseUrl, name: 'shop', environment: 'test', mapping });
    const mark = (at: number) => `allclear-s1$sus_${at}$${'ab'.repeat(16)}`;
    try {
      const ids: AccountId[] = [];
      for (const one of ['d', 'e', 'f']) ids.push(await shop.signUp({ address: `${one}@example.org`, password }));
      const [first, second, third] = ids as [AccountId, AccountId, AccountId];
      await expect(thief.query('UPDATE "Members" SET allclear_suspension = NULL')).rejects.toMatchObject({
        code: '42501',
      });
      await shop.suspendByService(third);
      for (const word of ['by hand', '', 'allclear-s1$sus_1$', `allclear-q1$rp_1$${'ab'.repeat(16)}:-`]) {
        for (const name of ['suspend', 'reinstate'])
          await expect(
            thief.query(`SELECT allclear_guard.allclear_${name}($1::bigint, $2)`, [third, word]),
            `${name} ${word}`,
          ).rejects.toMatchObject({ code: 'ALC02' });
      }
      expect((await members.readSuspensions([third])).get(third)).toBe('by hand');
      expect((await members.suspend([{ accountId: first, mark: mark(1) }])).get(first)).toBe('swapped');
      expect((await members.suspend([{ accountId: second, mark: mark(2) }])).get(second)).toBe('swapped');
      const fourth = await shop.signUp({ address: 'g@example.org', password });
      await expect(members.suspend([{ accountId: fourth, mark: mark(3) }])).rejects.toMatchObject({
        message: expect.stringContaining('at most 2'),
      });
      expect(await shop.signIn('g@example.org', password)).not.toBeNull();
      expect((await members.reinstate([{ accountId: first, mark: mark(1) }])).get(first)).toBe('swapped');
    } finally {
      await members.close();
      await thief.end();
      await shop.close();
    }
  });

  it('has no function that ends sessions where nothing ends them, and is whole without it', async () => {
    const shop = await openShop(await postgres.freshDatabase(), 'stateless');
    const { mapping, sql } = await shop.propose('functions', { role: 'stateless_role' });
    expect(sql).not.toContain('end_sessions');
    await shop.pool.query(sql);
    const databaseUrl = shop.urlAs('stateless_role');
    const tokens = makeSqlDirectory({ databaseUrl, name: 'shop', environment: 'test', mapping });
    expect(await tokens.check()).toMatchObject({ roleCanWriteHashes: false });
    await tokens.close();
    await shop.close();
  });
});

describe('everybody else', () => {
  const postgres = withTestPostgres();
  it('may execute none of the functions, and a second run of the SQL changes nothing of that', async () => {
    const shop = await openShop(await postgres.freshDatabase());
    const { sql } = await shop.propose('functions');
    await shop.pool.query(sql);
    await shop.pool.query(sql);
    await shop.pool.query('CREATE ROLE bystander LOGIN; GRANT USAGE ON SCHEMA allclear_guard TO bystander');
    const bystander = openPool(shop.urlAs('bystander'));
    try {
      for (const call of ["allclear_quarantine(1, 'a', 'b')", "allclear_restore(1, 'a')", 'allclear_end_sessions(1)']) {
        await expect(bystander.query(`SELECT allclear_guard.${call}`)).rejects.toMatchObject({ code: '42501' });
      }
    } finally {
      await bystander.end();
      await shop.close();
    }
  });
});
