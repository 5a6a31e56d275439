import { randomBytes, scrypt } from 'node:crypto';
import pg from 'pg';

/** What nothing of the product is told: who is really in danger, and with which password. */
export interface MadeUpPerson {
  readonly accountId: string;
  /** Under a domain that cannot exist (RFC 2606 section 2): no mail server of this world takes mail for it. */
  readonly address: string;
  readonly truth: 'wrong' | 'right' | 'bystander';
  /** The stored credential, as it was before anything was done. */
  readonly hash: string;
  /** Of those in danger alone: what a thief has. In memory only. */
  readonly password: string | null;
}

/** As better-auth stores passwords; see src/adapters/password/better-auth-scrypt.ts. */
const cost = { N: 16_384, r: 16, p: 1, maxmem: 128 * 16_384 * 16 * 2 } as const;
const keyBytes = 64;
const connectTimeoutMs = 10_000;

/**
 * Makes the accounts of a drill: tables as a service that uses better-auth has them, and people of whom none exists. Their
 * passwords are older than the evidence. A hash that nobody ever tries is random bytes in the right form.
 */
export async function makeUpPeople(options: {
  readonly databaseUrl: string;
  readonly wrong: number;
  readonly right: number;
  readonly bystanders: number;
  readonly languages: readonly string[];
}): Promise<readonly MadeUpPerson[]> {
  const { wrong, right, bystanders, languages } = options;
  const people: MadeUpPerson[] = [];
  for (let no = 1; no <= wrong + right + bystanders; no += 1) {
    const truth = no <= right ? 'right' : no <= right + wrong ? 'wrong' : 'bystander';
    const password = truth === 'right' ? randomBytes(12).toString('base64url') : null;
    people.push({
      accountId: `rehearsal_${String(no).padStart(5, '0')}`,
      address: `person-${no}@rehearsal.invalid`,
      truth,
      hash: password === null ? randomHash() : await hashOf(password),
      password,
    });
  }
  await withClient(options.databaseUrl, async (client) => {
    await client.query(`
      CREATE TABLE "user" (id text PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE,
        "emailVerified" boolean NOT NULL, language text, "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL);
      CREATE TABLE account (id text PRIMARY KEY, "userId" text NOT NULL REFERENCES "user" (id), "accountId" text NOT NULL,
        "providerId" text NOT NULL, password text, "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL);
      CREATE INDEX ON account ("userId");
      CREATE TABLE session (id text PRIMARY KEY, "userId" text NOT NULL REFERENCES "user" (id), token text NOT NULL UNIQUE,
        "expiresAt" timestamptz NOT NULL, "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL);
      CREATE INDEX ON session ("userId");`);
    const columns = [
      people.map((one) => one.accountId),
      people.map((one) => one.address),
      people.map((one) => one.hash),
      people.map((_, index) => languages[index % languages.length] ?? 'en'),
    ];
    const given = 'unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS given (id, email, hash, language)';
    const longAgo = `now() - interval '400 days'`;
    await client.query(
      `WITH given AS (SELECT * FROM ${given}),
       people AS (INSERT INTO "user" SELECT id, id, email, true, language, ${longAgo}, ${longAgo} FROM given),
       passwords AS (
         INSERT INTO account SELECT 'c' || id, id, id, 'credential', hash, ${longAgo}, ${longAgo} FROM given)
       SELECT`,
      columns,
    );
    await client.query(
      `INSERT INTO session SELECT 's' || id, id, md5(id), now() + interval '30 days', now(), now() FROM "user"`,
    );
  });
  return people;
}

/** The stored credentials as they are now, past the connector. */
export async function readStoredHashes(databaseUrl: string): Promise<ReadonlyMap<string, string | null>> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ userId: string; password: string | null }>(
      'SELECT "userId", password FROM account',
    );
    return new Map(rows.map((row) => [row.userId, row.password]));
  });
}

function randomHash(): string {
  return `${randomBytes(16).toString('hex')}:${randomBytes(keyBytes).toString('hex')}`;
}

function hashOf(password: string): Promise<string> {
  const salt = randomBytes(16).toString('hex');
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, cost, (error, key) => {
      if (error === null) resolve(`${salt}:${key.toString('hex')}`);
      else reject(error);
    });
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
