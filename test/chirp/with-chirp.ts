import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { startChirp, type RunningChirp } from '../../examples/chirp/start-chirp.ts';
import { startMailbox, type Mailbox } from '../../src/adapters/embedded/mailbox.ts';
import { parseMessage, type ParsedMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { makeChirpClient, type ChirpClient } from '../../examples/scenarios/chirp-client.ts';

export interface AskedPassword {
  readonly accountId: string;
  readonly password: string;
  readonly authorization: string | undefined;
}

/** How the stand-in for Allclear's password check answers. `silent` accepts the question and never answers. */
export type CheckBehaviour = 'allow' | 'refuse' | 'broken' | 'not-json' | 'silent';

export interface ChirpUnderTest {
  client(): ChirpClient;
  /** Signs somebody up at a new address; the client stays signed in. */
  member(password: string, language?: string): Promise<{ address: string; accountId: string; client: ChirpClient }>;
  url(): string;
  /** A second Chirp on the same database, as it is by default: with limits. */
  startLimited(): Promise<RunningChirp>;
  database(): pg.Pool;
  mailbox(): Mailbox;
  /** The latest mail to the address, once more than `seen` have arrived (default 0). */
  mailTo(address: string, seen?: number): Promise<ParsedMessage>;
  resetTokenFor(address: string, seen?: number): Promise<string>;
  /** What Allclear does to a credential. */
  quarantine(accountId: string): Promise<string>;
  readonly asked: AskedPassword[];
  readonly appealUrl: string;
  answerWith(behaviour: CheckBehaviour): void;
}

export const marker = `allclear-q1$rp_17$${'ab'.repeat(16)}:-`;

const appealUrl = 'http://127.0.0.1:1/appeal';

/** A Chirp on a real Postgres, with a mailbox and a stand-in for Allclear, for one test file. */
export function withChirp(): ChirpUnderTest {
  const postgres = withTestPostgres();
  const asked: AskedPassword[] = [];
  const waiting = new Map<string, () => void>();
  let behaviour: CheckBehaviour = 'allow';
  let chirp: RunningChirp;
  let mailbox: Mailbox;
  let pool: pg.Pool;
  let check: Server;
  let members = 0;
  let databaseUrl = '';

  beforeAll(async () => {
    mailbox = await startMailbox({
      smtpPort: 0,
      onMail: (message) => {
        for (const address of message.to) waiting.get(address)?.();
      },
    });
    check = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const question = JSON.parse(body) as { accountId: string; password: string };
        asked.push({ ...question, authorization: request.headers.authorization });
        if (behaviour === 'silent') return;
        response.statusCode = behaviour === 'broken' ? 500 : 200;
        response.end(behaviour === 'not-json' ? 'yes' : JSON.stringify({ allowed: behaviour !== 'refuse' }));
      });
    }).listen(0, '127.0.0.1');
    await once(check, 'listening');
    databaseUrl = await postgres.freshDatabase();
    pool = new pg.Pool({ connectionString: databaseUrl });
    pool.on('error', () => {});
    chirp = await startChirp({
      databaseUrl,
      smtpUrl: `smtp://127.0.0.1:${mailbox.smtpPort}`,
      port: 0,
      rateLimit: false,
      passwordCheck: {
        url: `http://127.0.0.1:${(check.address() as AddressInfo).port}/password-check`,
        token: 'service-token',
      },
      appealUrl,
    });
  });

  afterAll(async () => {
    await chirp?.stop();
    await mailbox?.stop();
    await pool?.end();
    check?.closeAllConnections();
    check?.close();
  });

  async function mailTo(address: string, seen = 0): Promise<ParsedMessage> {
    const arrived = new Promise<void>((resolve) => waiting.set(address, resolve));
    if (mailbox.messagesTo(address).length <= seen) await arrived;
    waiting.delete(address);
    return parseMessage(mailbox.messagesTo(address).at(-1)!);
  }

  return {
    asked,
    appealUrl,
    mailTo,
    client: () => makeChirpClient(chirp.url),
    url: () => chirp.url,
    startLimited: () => startChirp({ databaseUrl, smtpUrl: `smtp://127.0.0.1:${mailbox.smtpPort}`, port: 0 }),
    database: () => pool,
    mailbox: () => mailbox,
    answerWith(next) {
      behaviour = next;
      asked.length = 0;
    },
    async member(password, language) {
      members += 1;
      const address = `member${members}@example.org`;
      const client = makeChirpClient(chirp.url);
      const response = await client.signUp(address, password, language);
      if (!response.ok) throw new Error(`sign-up answered ${response.status}`);
      const { user } = (await response.json()) as { user: { id: string } };
      return { address, accountId: user.id, client };
    },
    async resetTokenFor(address, seen) {
      const text = (await mailTo(address, seen)).text;
      const link = /https?:\/\/\S+/.exec(text)?.[0] ?? '';
      return new URL(link).searchParams.get('token') ?? '';
    },
    async quarantine(accountId) {
      const { rows } = await pool.query<{ old: string }>(
        `UPDATE account a SET password = $2 FROM (SELECT id, password AS old FROM account WHERE "userId" = $1 AND "providerId" = 'credential' FOR UPDATE) o
         WHERE a.id = o.id RETURNING o.old`,
        [accountId, marker],
      );
      return rows[0]!.old;
    },
  };
}
