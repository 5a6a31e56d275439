import { randomBytes } from 'node:crypto';
import { hash as bcryptHash, verify as bcryptVerify } from '@node-rs/bcrypt';
import pg from 'pg';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';
import { proposeMapping } from '../../src/adapters/directory/sql/propose-mapping.ts';
import type { Proposal } from '../../src/adapters/directory/sql/propose-mapping.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';

/** The least that bcrypt takes: nobody attacks these. */
const cost = 4;

/** As a shop that wrote its own sign-in would have it: nothing of it knows of Allclear. */
const schemas = {
  /** Hash in the table of accounts; ids counted. */
  oneTable: `
    CREATE TABLE "Members" (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(200) UNIQUE, password_digest varchar(255),
      confirmed_at timestamp, locale text, is_staff boolean NOT NULL DEFAULT false, nickname text, allclear_suspension text);
    CREATE TABLE login_sessions (token text PRIMARY KEY, member_id bigint NOT NULL REFERENCES "Members" ON DELETE CASCADE)`,
  /** Hash in a table of its own; ids are uuids. */
  joined: `
    CREATE TABLE "Members" (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text UNIQUE, confirmed_at timestamptz,
      locale text, last_login timestamptz, is_staff boolean NOT NULL DEFAULT false, allclear_suspension varchar(65));
    CREATE TABLE secrets (member_id uuid PRIMARY KEY REFERENCES "Members" ON DELETE CASCADE, password_digest text NOT NULL);
    CREATE TABLE login_sessions (token text PRIMARY KEY, member_id uuid NOT NULL REFERENCES "Members" ON DELETE CASCADE)`,
  /** Sessions are signed tokens that carry the version under which they were issued. */
  versioned: `
    CREATE TABLE "Members" (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(200) UNIQUE, password_digest varchar(255),
      confirmed_at timestamp, locale text, tz text, last_sign_in_at timestamp, is_staff boolean NOT NULL DEFAULT false,
      token_version integer NOT NULL DEFAULT 0)`,
  /** The same with a stamp that means nothing. */
  stamped: `
    CREATE TABLE "Members" (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text UNIQUE, password_digest text, confirmed_at timestamptz,
      locale text, utc_offset smallint, is_staff boolean NOT NULL DEFAULT false,
      security_stamp varchar(36) NOT NULL DEFAULT gen_random_uuid()::text)`,
  /** Signed tokens that are good until they expire, whatever the database says. */
  stateless: `
    CREATE TABLE "Members" (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text UNIQUE, password_digest text,
      confirmed_at timestamptz, locale text, is_staff boolean NOT NULL DEFAULT false)`,
};

/** Where a session is found: rows of a table, or tokens that carry a copy of a column of the account, or tokens alone. */
const sessionsOf: Readonly<Record<keyof typeof schemas, 'rows' | 'none' | { column: string; next: string }>> = {
  oneTable: 'rows',
  joined: 'rows',
  versioned: { column: 'token_version', next: 'token_version + 1' },
  stamped: { column: 'security_stamp', next: 'gen_random_uuid()::text' },
  stateless: 'none',
};

/** Where a service notes that somebody signed in; the others do not. */
const signInNoted: Partial<Readonly<Record<keyof typeof schemas, string>>> = {
  joined: 'last_login = clock_timestamp()',
  versioned: `last_sign_in_at = clock_timestamp() AT TIME ZONE 'UTC'`,
};

export interface Shop {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  signUp(holder: { address: string; password: string | null; language?: string }): Promise<AccountId>;
  signIn(address: string, password: string): Promise<string | null>;
  isAlive(session: string): Promise<boolean>;
  changePassword(session: string, oldPassword: string, newPassword: string): Promise<boolean>;
  resetByMail(address: string, newPassword: string): Promise<void>;
  removeAccount(id: AccountId): Promise<void>;
  suspendByService(id: AccountId): Promise<void>;
  storedHash(id: AccountId): Promise<string | null>;
  /** What Allclear proposes for this shop. */
  propose(
    mode: 'functions' | 'direct',
    changes?: { role?: string; recoveryRole?: string; capPerHour?: number },
  ): Promise<Proposal>;
  /** The url of the same database for another role. */
  urlAs(role: string): string;
  close(): Promise<void>;
}

/** A cluster that stops ends connections that are on their way out already; nothing of that may end the test. */
export function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export async function openShop(databaseUrl: string, shape: keyof typeof schemas = 'oneTable'): Promise<Shop> {
  const pool = openPool(databaseUrl);
  await pool.query(schemas[shape]);
  const secrets = shape === 'joined' ? 'secrets' : '"Members"';
  const key = shape === 'joined' ? 'member_id' : 'id';
  const hashOf = async (id: string): Promise<string | null> => {
    const { rows } = await pool.query<{ hash: string | null }>(
      `SELECT password_digest AS hash FROM ${secrets} WHERE ${key} = $1`,
      [id],
    );
    return rows[0]?.hash ?? null;
  };
  const idOf = async (address: string): Promise<string> => {
    const { rows } = await pool.query<{ id: string }>('SELECT id::text FROM "Members" WHERE email = $1', [address]);
    return rows[0]?.id ?? '';
  };
  const setHash = (id: string, hash: string) =>
    pool.query(`UPDATE ${secrets} SET password_digest = $2 WHERE ${key} = $1`, [id, hash]);
  const sessions = sessionsOf[shape];
  /** What a token has to carry to be taken; null where there is no such member. */
  const valueOf = async (id: string): Promise<string | null> => {
    const column = typeof sessions === 'object' ? sessions.column : `'any'`;
    const { rows } = await pool.query<{ value: string }>(
      `SELECT ${column}::text AS value FROM "Members" WHERE id::text = $1`,
      [id],
    );
    return rows[0]?.value ?? null;
  };
  const ownerOf = async (session: string): Promise<string> => {
    const { rows } = await pool.query<{ id: string }>(
      'SELECT member_id::text AS id FROM login_sessions WHERE token = $1',
      [session],
    );
    return rows[0]?.id ?? '';
  };
  /** As most services have it: bcrypt throws at what is no bcrypt hash, and that is a refusal. */
  const isRight = async (id: string, password: string): Promise<boolean> => {
    const hash = await hashOf(id);
    return hash !== null && (await bcryptVerify(password, hash).catch(() => false));
  };
  /** As the recipe asks of a service: whoever has any text in that column does not come in. */
  const isSuspended = async (id: string): Promise<boolean> => {
    const { rows } = await pool.query<{ is: boolean }>(
      `SELECT coalesce(to_jsonb(m) ->> 'allclear_suspension', '') <> '' AS is FROM "Members" m WHERE id::text = $1`,
      [id],
    );
    return rows[0]?.is === true;
  };
  return {
    pool,
    databaseUrl,
    async signUp({ address, password, language }) {
      const { rows } = await pool.query<{ id: string }>(
        'INSERT INTO "Members" (email, confirmed_at, locale) VALUES ($1, now(), $2) RETURNING id::text',
        [address, language ?? 'en'],
      );
      const id = rows[0]?.id ?? '';
      if (password !== null) {
        const hash = await bcryptHash(password, cost);
        if (shape === 'joined') await pool.query('INSERT INTO secrets VALUES ($1, $2)', [id, hash]);
        else await setHash(id, hash);
      }
      return accountId(id);
    },
    async signIn(address, password) {
      const id = await idOf(address);
      if (!(await isRight(id, password)) || (await isSuspended(id))) return null;
      const noted = signInNoted[shape];
      if (noted !== undefined) await pool.query(`UPDATE "Members" SET ${noted} WHERE id::text = $1`, [id]);
      if (sessions !== 'rows') return `${id} ${await valueOf(id)} ${randomBytes(8).toString('hex')}`;
      const token = randomBytes(16).toString('hex');
      await pool.query('INSERT INTO login_sessions VALUES ($1, $2)', [token, id]);
      return token;
    },
    async isAlive(session) {
      const [id = '', value] = session.split(' ');
      if (sessions !== 'rows') return (await valueOf(id)) === value;
      return (await pool.query('SELECT FROM login_sessions WHERE token = $1', [session])).rowCount === 1;
    },
    async changePassword(session, oldPassword, newPassword) {
      const id = sessions === 'rows' ? await ownerOf(session) : (session.split(' ')[0] ?? '');
      if (!(await isRight(id, oldPassword))) return false;
      await setHash(id, await bcryptHash(newPassword, cost));
      return true;
    },
    async resetByMail(address, newPassword) {
      const id = await idOf(address);
      await setHash(id, await bcryptHash(newPassword, cost));
      if (sessions === 'rows') await pool.query('DELETE FROM login_sessions WHERE member_id = $1', [id]);
      else if (sessions !== 'none')
        await pool.query(`UPDATE "Members" SET ${sessions.column} = ${sessions.next} WHERE id = $1`, [id]);
    },
    async suspendByService(id) {
      await pool.query(`UPDATE "Members" SET allclear_suspension = 'by hand' WHERE id = $1`, [id]);
    },
    async removeAccount(id) {
      await pool.query('DELETE FROM "Members" WHERE id = $1', [id]);
    },
    storedHash: hashOf,
    propose: (mode, changes = {}) =>
      proposeMapping({
        databaseUrl,
        mode,
        role: changes.role ?? 'allclear_directory',
        recoveryRole: changes.recoveryRole ?? null,
        capPerHour: changes.capPerHour ?? 10_000,
        schemeOf: makePasswordSchemes().schemeOf,
      }),
    urlAs(role) {
      const url = new URL(databaseUrl);
      url.username = role;
      return url.href;
    },
    close: () => pool.end(),
  };
}
