import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSqlWriter } from '../../src/adapters/directory/sql/set-password.ts';
import { makeSqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import type { SqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import { makePasswordHasher } from '../../src/adapters/password/password-hasher.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import type { PasswordWriter } from '../../src/app/ports/password-writer.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openPool, openShop } from './shop.ts';
import type { Shop } from './shop.ts';

const seal = makeSeal(makeKeyRing(Buffer.alloc(32, 7)));
const hasher = makePasswordHasher();
const oldPassword = 'tulips and 9 herons';
const newPassword = 'sparrow-in-the-attic 4';
const capPerHour = 12;

describe('a new password in a service’s own tables', () => {
  const postgres = withTestPostgres();
  let shop: Shop;
  let directory: SqlDirectory;
  let writer: PasswordWriter;
  let worker: pg.Pool;
  let recovery: pg.Pool;
  let people = 0;

  beforeAll(async () => {
    shop = await openShop(await postgres.freshDatabase());
    const { mapping, sql } = await shop.propose('functions', {
      role: 'allclear_acts',
      recoveryRole: 'allclear_recovers',
      capPerHour,
    });
    await shop.pool.query(sql);
    // A DBA who runs it again changes nothing.
    await shop.pool.query(sql);
    const options = { name: 'shop', mapping };
    directory = makeSqlDirectory({ ...options, environment: 'test', databaseUrl: shop.urlAs('allclear_acts') });
    writer = makeSqlWriter({ ...options, databaseUrl: shop.urlAs('allclear_recovers') });
    worker = openPool(shop.urlAs('allclear_acts'));
    recovery = openPool(shop.urlAs('allclear_recovers'));
  });
  afterAll(async () => {
    await writer.close();
    await directory.close();
    await worker.end();
    await recovery.end();
    await shop.close();
  });

  async function person(
    isQuarantined = true,
  ): Promise<{ id: AccountId; address: string; hash: string; marker: string }> {
    people += 1;
    const address = `kestrel${people}@example.org`;
    const id = await shop.signUp({ address, password: oldPassword });
    const hash = (await shop.storedHash(id)) ?? '';
    const marker = seal.marker('shop', id, `rp_${people}`);
    if (isQuarantined) await directory.quarantine([{ accountId: id, expectedHash: hash, marker }]);
    return { id, address, hash, marker };
  }

  it('is written over our own marker, opens the account, and leaves no way back to the old one', async () => {
    const who = await person();
    const hash = await hasher.hash(newPassword, who.hash);
    expect(await writer.setPassword({ accountId: who.id, marker: who.marker, hash })).toBe('swapped');
    expect(await shop.signIn(who.address, newPassword)).not.toBeNull();
    expect(await shop.signIn(who.address, oldPassword)).toBeNull();
    expect((await directory.restore([{ accountId: who.id, marker: who.marker, hash: who.hash }])).get(who.id)).toBe(
      'changed',
    );
    expect(await writer.setPassword({ accountId: who.id, marker: who.marker, hash: `${hash} ` })).toBe('changed');
    expect(await shop.signIn(who.address, newPassword)).not.toBeNull();
  });

  it('is written to nobody who is not quarantined, not under another’s marker, and not as the hash that was taken', async () => {
    const [free, victim, other] = [await person(false), await person(), await person()];
    const hash = await hasher.hash(newPassword, victim.hash);
    expect(await writer.setPassword({ accountId: free.id, marker: free.marker, hash })).toBe('changed');
    expect(await writer.setPassword({ accountId: free.id, marker: free.hash, hash })).toBe('changed');
    expect(await writer.setPassword({ accountId: victim.id, marker: other.marker, hash })).toBe('changed');
    expect(await writer.setPassword({ accountId: victim.id, marker: victim.marker, hash: victim.hash })).toBe(
      'changed',
    );
    expect(await shop.storedHash(free.id)).toBe(free.hash);
    expect(await shop.storedHash(victim.id)).toBe(victim.marker);
    await expect(
      writer.setPassword({ accountId: victim.id, marker: victim.marker, hash: other.marker }),
    ).rejects.toMatchObject({ code: 'directory-unavailable' });
  });

  it('cannot be chosen by whoever takes over a worker, and its own role can do nothing else', async () => {
    const who = await person();
    const set = 'SELECT allclear_guard.allclear_set_password($1, $2, $3)';
    await expect(worker.query(set, [who.id, who.marker, 'x'.repeat(60)])).rejects.toMatchObject({ code: '42501' });
    for (const attempt of [
      `UPDATE "Members" SET password_digest = 'mine' WHERE id = ${who.id}`,
      'SELECT email FROM "Members"',
      'SELECT hash FROM allclear_guard.kept_hash',
      `SELECT allclear_guard.allclear_quarantine(${who.id}, 'a', 'b')`,
      `SELECT allclear_guard.allclear_restore(${who.id}, '${who.marker}')`,
      `SELECT allclear_guard.allclear_end_sessions(${who.id})`,
      "SELECT allclear_guard.count_one('set_password')",
    ])
      await expect(recovery.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
    expect(await shop.storedHash(who.id)).toBe(who.marker);
  });

  it('is refused at start to a role that may not, in words that a DBA can act on', async () => {
    await writer.check();
    const { mapping } = await shop.propose('functions', { role: 'allclear_acts' });
    const wrong = makeSqlWriter({ name: 'shop', mapping, databaseUrl: shop.urlAs('allclear_acts') });
    await expect(wrong.check()).rejects.toMatchObject({ code: 'usage' });
    await expect(wrong.check()).rejects.toThrow('directory add --recovery-role');
    await wrong.close();
  });

  it('is counted, and beyond the cap of the hour the database refuses', async () => {
    await shop.pool.query(`UPDATE allclear_guard.cap SET per_hour = 1 WHERE what = 'set_password'`);
    await shop.pool.query(`DELETE FROM allclear_guard.spent`);
    const [one, two] = [await person(), await person()];
    const hash = await hasher.hash(newPassword, one.hash);
    expect(await writer.setPassword({ accountId: one.id, marker: one.marker, hash })).toBe('swapped');
    await expect(writer.setPassword({ accountId: two.id, marker: two.marker, hash })).rejects.toMatchObject({
      code: 'directory-unavailable',
    });
    expect(await shop.storedHash(two.id)).toBe(two.marker);
  });
});

describe('in direct mode', () => {
  const postgres = withTestPostgres();

  it('is written by the one role that there is, over a marker only', async () => {
    const shop = await openShop(await postgres.freshDatabase());
    const { mapping, sql } = await shop.propose('direct', { role: 'allclear_directly' });
    await shop.pool.query(sql);
    const writer = makeSqlWriter({ name: 'shop', mapping, databaseUrl: shop.urlAs('allclear_directly') });
    const id = await shop.signUp({ address: 'heron@example.org', password: oldPassword });
    const old = (await shop.storedHash(id)) ?? '';
    const marker = seal.marker('shop', id, 'rp_1');
    const hash = await hasher.hash(newPassword, old);
    expect(await writer.setPassword({ accountId: id, marker: old, hash })).toBe('changed');
    await shop.pool.query('UPDATE "Members" SET password_digest = $2 WHERE id = $1', [id, marker]);
    expect(await writer.setPassword({ accountId: id, marker, hash })).toBe('swapped');
    expect(await shop.signIn('heron@example.org', newPassword)).not.toBeNull();
    await writer.close();
    await shop.close();
  });
});
