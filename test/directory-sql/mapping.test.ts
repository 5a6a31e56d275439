import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/adapters/directory/sql/catalog.ts';
import { fitMapping } from '../../src/adapters/directory/sql/fit-mapping.ts';
import { parseMapping } from '../../src/adapters/directory/sql/mapping.ts';
import { makeSqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import { writeGrants } from '../../src/adapters/directory/sql/write-functions.ts';
import { writeMapping } from '../../src/adapters/directory/sql/write-mapping.ts';
import { nearName } from '../../src/config/near-name.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openShop } from './shop.ts';
import type { Shop } from './shop.ts';

const read = (text: string) => parseMapping(text, 'directory.yaml', nearName);

/** The same mapping with other sessions. */
function withSessions(text: string, sessions: string): string {
  return text.replace(/sessions:\n( {2}.*\n)+/, `sessions: ${sessions}\n`);
}

describe('a mapping', () => {
  const postgres = withTestPostgres();
  let shop: Shop;
  let text: string;

  beforeAll(async () => {
    shop = await openShop(await postgres.freshDatabase());
    await shop.signUp({ address: 'kestrel@example.org', password: 'tulips and 9 herons' });
    text = writeMapping(await shop.propose('direct'));
  });
  afterAll(() => shop.close());

  async function checked(mapped: string): Promise<unknown> {
    const { databaseUrl } = shop;
    const directory = makeSqlDirectory({ databaseUrl, name: 'shop', environment: 'test', mapping: read(mapped) });
    try {
      return await directory.check();
    } finally {
      await directory.close();
    }
  }

  it('that is proposed is read back as it was, with its reasons beside it', async () => {
    const proposal = await shop.propose('direct');
    expect(read(text)).toEqual(proposal.mapping);
    expect(proposal.mapping).toMatchObject({
      accounts: { table: 'Members', id: 'id', address: 'email', addressConfirmed: 'confirmed_at', language: 'locale' },
      credential: { table: 'Members', account: 'id', hash: 'password_digest', scheme: 'bcrypt' },
      sessions: { table: 'login_sessions', account: 'member_id' },
      addressComparison: 'ascii-lower',
    });
    expect(proposal.mapping.accounts.protected).toEqual([{ as: 'staff', column: 'is_staff' }]);
    expect(text).toContain('# scheme: 1 of 1 hashes');
  });

  it.each([
    ['a misspelt name at the top', (one: string) => one.replace('sessions:', 'sesions:'), 'Did you mean sessions?'],
    ['a misspelt name inside', (one: string) => one.replace('  address:', '  adress:'), 'Did you mean address?'],
    ['a form of quarantine that is not there', (one: string) => one.replace('prefix-marker', 'erase'), 'quarantine'],
    ['text that is no YAML', () => 'accounts: [', 'near line'],
    [
      'a misspelt name of sessions',
      (one: string) => one.replace('  account: member_id', '  acount: member_id'),
      'account?',
    ],
    ['sessions of no known form', (one: string) => withSessions(one, '{ kind: cookies }'), 'sessions.kind'],
    [
      'sessions that live for nobody knows how long',
      (one: string) => withSessions(one, '{ kind: none }'),
      'liveMinutes',
    ],
    [
      'sessions that live for ever',
      (one: string) => withSessions(one, '{ kind: none, liveMinutes: 0 }'),
      'liveMinutes',
    ],
  ])('with %s is refused, and what is wrong is named', (_, change, words) => {
    expect(() => read(change(text))).toThrow(words);
  });

  it.each([
    ['a table that is not there', 'table: Members', 'table: members', 'no table public.members'],
    ['a column that is not there', 'address: email', 'address: e_mail', 'has no column e_mail'],
    ['SQL for a column', 'address: email', `address: "email; DROP TABLE login_sessions"`, 'has no column email; DROP'],
    ['an id that is not unique', '  id: id', '  id: nickname', 'is not unique'],
    ['a flag that is no flag', 'column: is_staff', 'column: nickname', 'say with "equals"'],
    ['a time for a time zone', '  address: email', '  address: email\n  timeZone: confirmed_at', 'minutes east of UTC'],
  ])('that names %s is refused before anything is read', async (_, from, to, words) => {
    await expect(checked(text.replace(from, to))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(words),
    });
  });

  it('is refused where the marker would not fit into the column, with the statement that widens it', async () => {
    await shop.pool.query('ALTER TABLE "Members" ALTER COLUMN password_digest TYPE varchar(60)');
    await expect(checked(text)).rejects.toThrow(
      'ALTER TABLE "public"."Members" ALTER COLUMN "password_digest" TYPE text',
    );
    await shop.pool.query('ALTER TABLE "Members" ALTER COLUMN password_digest TYPE char(60)');
    await expect(checked(text)).rejects.toThrow('bpchar');
    await shop.pool.query('ALTER TABLE "Members" ALTER COLUMN password_digest TYPE varchar(255)');
    await expect(checked(text)).resolves.toBeDefined();
  });

  it.each([
    ['a column that is not there', 'token_version', 'has no column token_version'],
    ['a flag, which cannot go on for ever', 'is_staff', 'a whole number that goes up'],
    ['a text that is too short for a stamp', 'short', 'of 8 characters'],
  ])('that ends sessions by %s is refused before anybody is signed out', async (_, column, words) => {
    await shop.pool.query('ALTER TABLE "Members" ADD COLUMN IF NOT EXISTS short varchar(8)');
    await expect(checked(withSessions(text, `{ kind: column, column: ${column} }`))).rejects.toThrow(words);
  });

  it('is refused where the role would not see everybody', async () => {
    const { sql } = await shop.propose('functions', { role: 'half_blind' });
    await shop.pool.query(sql);
    await shop.pool.query('ALTER TABLE "Members" ENABLE ROW LEVEL SECURITY');
    const mapping = read(text);
    const directory = makeSqlDirectory({
      databaseUrl: shop.urlAs('half_blind'),
      name: 's',
      environment: 'test',
      mapping,
    });
    await expect(directory.countAccounts()).rejects.toThrow('row-level security');
    await directory.close();
    await shop.pool.query('ALTER TABLE "Members" DISABLE ROW LEVEL SECURITY');
  });

  it('is refused without the functions that it says it acts by', async () => {
    await expect(
      checked(text.replace('mode: direct', 'mode: functions').replace('allclear_guard', 'nowhere')),
    ).rejects.toThrow('may not execute');
  });

  it('keeps a database that only looks like one of accounts from being taken for one', async () => {
    const other = await openShop(await postgres.freshDatabase());
    await other.pool.query(
      'DROP TABLE login_sessions; DROP TABLE "Members"; CREATE TABLE invoices (id bigint PRIMARY KEY, email text)',
    );
    await expect(other.propose('functions')).rejects.toMatchObject({ code: 'not-found' });
    await other.close();
  });
});

describe('a directory by its mapping', () => {
  const postgres = withTestPostgres();

  it('reads protected people, languages and who has no confirmed address, and gives a shared address to nobody', async () => {
    const shop = await openShop(await postgres.freshDatabase());
    const staff = await shop.signUp({ address: 'Staff@example.org', password: null, language: 'de_AT' });
    const twin = await shop.signUp({ address: 'staff@example.org', password: 'tulips and 9 herons' });
    await shop.pool.query('UPDATE "Members" SET is_staff = true, confirmed_at = NULL WHERE id = $1', [staff]);
    const { mapping } = await shop.propose('direct');
    expect(mapping.addressComparison).toBe('exact');
    const open = (addressComparison: 'exact' | 'ascii-lower') =>
      makeSqlDirectory({
        databaseUrl: shop.databaseUrl,
        name: 'shop',
        environment: 'test',
        mapping: { ...mapping, addressComparison },
      });
    const [exact, folding] = [open('exact'), open('ascii-lower')];
    try {
      expect((await exact.readAccounts([staff])).get(staff)).toMatchObject({
        protectedAs: 'staff',
        language: 'de-AT',
        addressConfirmed: false,
        hasPassword: false,
      });
      expect([...(await exact.findByAddresses(['staff@example.org']))]).toEqual([['staff@example.org', twin]]);
      expect((await folding.findByAddresses(['staff@example.org'])).size).toBe(0);
    } finally {
      await exact.close();
      await folding.close();
      await shop.close();
    }
  });

  it.each(['functions', 'direct'] as const)('leaves alone an account with two passwords, %s', async (mode) => {
    const shop = await openShop(await postgres.freshDatabase(), 'joined');
    const id = await shop.signUp({ address: 'kestrel@example.org', password: 'tulips and 9 herons' });
    const { mapping, sql } = await shop.propose(mode);
    await shop.pool.query(sql);
    await shop.pool.query('ALTER TABLE secrets DROP CONSTRAINT secrets_pkey');
    await shop.pool.query(`INSERT INTO secrets VALUES ($1, 'another')`, [id]);
    const hash = (await shop.storedHash(id)) ?? '';
    const databaseUrl = shop.urlAs('allclear_directory');
    const directory = makeSqlDirectory({ databaseUrl, name: 'shop', environment: 'test', mapping });
    try {
      expect((await directory.readCredentials([id])).get(id)).toBeNull();
      const marker = `allclear-q1$rp_1$${'0'.repeat(32)}:-`;
      expect((await directory.quarantine([{ accountId: id, expectedHash: hash, marker }])).get(id)).toBe('changed');
    } finally {
      await directory.close();
      await shop.close();
    }
  });

  it.each(['functions', 'direct'] as const)('takes only the rows that are passwords for one, %s', async (mode) => {
    const shop = await openShop(await postgres.freshDatabase(), 'joined');
    const id = await shop.signUp({ address: 'kestrel@example.org', password: 'tulips and 9 herons' });
    await shop.pool.query(`ALTER TABLE secrets DROP CONSTRAINT secrets_pkey, ADD provider text DEFAULT 'it''s ours'`);
    await shop.pool.query(`INSERT INTO secrets VALUES ($1, 'a token of another', 'elsewhere')`, [id]);
    const { mapping: proposed } = await shop.propose(mode);
    const only = { column: 'provider', equals: "it's ours" };
    const mapping = { ...proposed, credential: { ...proposed.credential, only } };
    const { databaseUrl } = shop;
    const tables = await readCatalog(shop.pool);
    const options = { role: 'only_ours', database: new URL(databaseUrl).pathname.slice(1), capPerHour: 10 };
    await shop.pool.query(writeGrants(mapping, fitMapping(mapping, tables), options));
    const directory = makeSqlDirectory({
      databaseUrl: shop.urlAs('only_ours'),
      name: 's',
      environment: 'test',
      mapping,
    });
    try {
      const hash = (await directory.readCredentials([id])).get(id) ?? '';
      expect(hash).toMatch(/^\$2/);
      const marker = `allclear-q1$rp_1$${'0'.repeat(32)}:-`;
      expect((await directory.quarantine([{ accountId: id, expectedHash: hash, marker }])).get(id)).toBe('swapped');
      expect((await directory.restore([{ accountId: id, marker, hash }])).get(id)).toBe('swapped');
      const { rows } = await shop.pool.query<{ held: string }>(
        'SELECT password_digest AS held FROM secrets ORDER BY 1',
      );
      expect(rows.map((row) => row.held)).toEqual([hash, 'a token of another']);
    } finally {
      await directory.close();
      await shop.close();
    }
  });

  it('knows where people live by name or by minutes, and takes what it does not know for nothing', async () => {
    const [named, offset] = [
      await openShop(await postgres.freshDatabase(), 'versioned'),
      await openShop(await postgres.freshDatabase(), 'stamped'),
    ];
    const zonesOf = async (shop: Shop, column: string, values: readonly (string | null)[]) => {
      const { mapping, doubts } = await shop.propose('direct');
      expect(mapping.accounts.timeZone).toBe(column);
      const directory = makeSqlDirectory({ databaseUrl: shop.databaseUrl, name: 's', environment: 'test', mapping });
      const zones: (string | null | undefined)[] = [];
      for (const value of values) {
        const id = await shop.signUp({ address: `${zones.length}@example.org`, password: null });
        await shop.pool.query(`UPDATE "Members" SET ${column} = $2 WHERE id::text = $1`, [id, value]);
        zones.push((await directory.readAccounts([id])).get(id)?.timeZone);
      }
      const { timeZones } = await directory.check();
      await directory.close();
      await shop.close();
      return { zones, timeZones, doubts };
    };
    const byName = await zonesOf(named, 'tz', [
      'Europe/Berlin',
      'america/new_york',
      '',
      'Local',
      '330',
      '+05:30',
      null,
    ]);
    expect(byName.zones).toEqual(['Europe/Berlin', 'America/New_York', null, null, null, '+05:30', null]);
    expect(byName.timeZones).toEqual({ accounts: 7, known: 3 });
    const byMinutes = await zonesOf(offset, 'utc_offset', ['60', '-210', '0', '840', '841', '-1000', null]);
    expect(byMinutes.zones).toEqual(['+01:00', '-03:30', '+00:00', '+14:00', null, null, null]);
    expect(byMinutes.doubts.join()).toContain('minutes east of UTC');
  });

  it.each([
    ['versioned', { kind: 'column', column: 'token_version' }, 'compares it at every request'],
    ['stamped', { kind: 'column', column: 'security_stamp' }, 'compares it at every request'],
    ['stateless', { kind: 'none', liveMinutes: 43_200 }, 'a thief who is in stays in. 30 days was assumed'],
  ] as const)('ends the sessions of a %s shop in the way that is proposed for it', async (shape, sessions, doubt) => {
    const shop = await openShop(await postgres.freshDatabase(), shape);
    const proposal = await shop.propose('functions');
    expect(proposal.mapping.sessions).toEqual(sessions);
    expect(read(writeMapping(proposal)).sessions).toEqual(sessions);
    expect(proposal.doubts.join()).toContain(doubt);
    await shop.close();
  });

  it('says what lives on in the words of its own sessions', async () => {
    const shop = await openShop(await postgres.freshDatabase(), 'stateless');
    const { mapping } = await shop.propose('functions');
    const words = (sessions: typeof mapping.sessions): string => {
      const directory = makeSqlDirectory({
        databaseUrl: 'postgres://nobody@127.0.0.1:1/nowhere',
        name: 's',
        environment: 'test',
        mapping: { ...mapping, sessions },
      });
      void directory.close();
      return directory.capabilities.collateral.join('\n');
    };
    expect(words({ kind: 'none', liveMinutes: 720 })).toContain(
      'stays signed in until the session ends by itself, 12 hours after',
    );
    expect(words({ kind: 'column', column: 'token_version' })).toContain('How many sessions were ended is not known');
    expect(words({ kind: 'table', schema: 'public', table: 't', account: 'a' })).toContain(
      'outside its table of sessions',
    );
    await shop.close();
  });
});
