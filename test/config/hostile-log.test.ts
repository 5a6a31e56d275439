import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { makeLogger } from '../../src/adapters/log/logger.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();

function logged(...given: readonly [object | string, string?]): string {
  const lines: string[] = [];
  const log = makeLogger({ name: 'test', level: 'trace', destination: { write: (line) => void lines.push(line) } });
  const [first, second] = given;
  if (typeof first === 'string') log.error(first);
  else log.error(first, second ?? 'x');
  const text = lines.join('');
  expect(text).not.toBe('');
  // As a reader of the file sees it: a mask that only held for the escaped text would hold for nobody.
  return text + String((JSON.parse(text) as { msg?: string }).msg);
}

/** What stands in rows and replies that nobody of ours wrote, and the part of each that must not reach a log. */
const hostile: readonly (readonly [string, string, string])[] = [
  ['an ordinary address', 'jane@example.org', 'jane'],
  ['an address in capitals', 'JANE@EXAMPLE.ORG', 'JANE'],
  ['a quoted local part with a space', '"jane doe"@example.org', 'jane doe'],
  ['a quoted local part with a quote', String.raw`"ja\"ne"@example.org`, 'ne\\"@'],
  ['an address literal', 'jane@[192.0.2.7]', 'jane'],
  ['an address that ends with a slash before the at', 'jane/@example.org', 'jane'],
  ['an address in a return path', 'bounces+jane=example.org@chirp.test', 'jane'],
  ['an international address', 'jané@exämple.org', 'jané'],
  ['a local part longer than any', `${'jane'.repeat(60)}@example.org`, 'jane'],
  ['an address as a URL writes it', 'https://x.test/?to=jane%40example.org', 'jane'],
  ['a line of a list', 'jane@example.org:hunter2', 'hunter2'],
  ['a line of a list with another separator', 'jane@example.org;hunter2', 'hunter2'],
  ['a database URL', 'postgres://ada:hunter2@db.internal/x', 'hunter2'],
  ['a database URL with a slash in its password', 'postgres://ada:hun/ter2@db.internal/x', 'ter2'],
  ['a connection string of libpq', 'host=db user=ada password=hunter2 dbname=x', 'hunter2'],
  ['a quoted password of libpq', "host=db password='hunter 2' dbname=x", 'hunter 2'],
  ['a password in a query', 'https://x.test/?user=a&password=hunter2&b=c', 'hunter2'],
  ['a password in a file of settings', 'smtp:\n  password: hunter2\n', 'hunter2'],
  ['JSON', '{"password":"hunter2","a":1}', 'hunter2'],
  ['JSON inside JSON', String.raw`{\"token\":\"hunter2\"}`, 'hunter2'],
  ['a bearer token', 'Authorization: Bearer hunter2.hunter2', 'hunter2'],
  ['basic authentication', 'Authorization: Basic aHVudGVyMg==', 'aHVudGVyMg'],
  ['an AUTH line of SMTP', 'AUTH PLAIN AGphbmUAaHVudGVyMg==', 'AGphbmUAaHVudGVyMg'],
  ['a bcrypt hash', 'got $2b$10$abcdefghijklmnopqrstuv.wxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01', 'abcdefghijklmnop'],
  ['an argon2 hash', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g', 'aGFzaGhhc2g'],
  ['a scrypt hash of better-auth', `${'0a'.repeat(16)}:${'b1'.repeat(64)}`, 'b1b1b1'],
  ['a token of ours', `act_${'0123456789abcdef'.repeat(4)}`, '0123456789abcdef'],
];

describe('what nobody of ours wrote does not reach the log', () => {
  test.each(hostile)('%s', (_what, text, secret) => {
    const reply = `550 5.1.1 <${text}>: no such user`;
    for (const out of [
      logged(text),
      logged(reply),
      logged({ reply, note: text }),
      logged({ err: new Error(`failed for ${text}`) }),
      logged({ err: new Failure('internal', 'x', {}, new Error(text)) }),
      logged({ err: new Error('x', { cause: text }) }),
      logged({ err: new AggregateError([new Error(text)], text) }),
      logged({ [text]: 1 }),
      logged({ list: [text, { deep: text }] }),
    ])
      expect(out).not.toContain(secret);
  });

  test('a text of a megabyte is cut, and cutting it shows nothing', () => {
    const out = logged(`${'x '.repeat(500_000)}jane@example.org`);
    expect(out.length).toBeLessThan(100_000);
    const edge = logged(`${'x '.repeat(8_188)}jane-doe-whose-address-lies-on-the-edge@example.org`);
    expect(edge).not.toContain('jane');
  });

  test('what a database says about a row it refused', async () => {
    const client = new pg.Client({ connectionString: await postgres.freshDatabase() });
    await client.connect();
    try {
      await client.query('CREATE TABLE person (email text UNIQUE, born int, note varchar(3), id uuid, at timestamptz)');
      await client.query(`INSERT INTO person (email) VALUES ('jane@example.org')`);
      const refused: readonly (readonly [string, string])[] = [
        ['INSERT INTO person (email) VALUES ($1)', 'jane@example.org'],
        ['INSERT INTO person (born) VALUES ($1::text::int)', 'hunter2-the-word'],
        ['INSERT INTO person (id) VALUES ($1::text::uuid)', 'hunter2-the-word'],
        ['INSERT INTO person (at) VALUES ($1::text::timestamptz)', 'hunter2-the-word'],
        ['SELECT $1::json', '{"a": hunter2-the-word}'],
        [`DO $$ BEGIN RAISE EXCEPTION 'no "%"', 'hunter2-the-word' USING ERRCODE = '22023'; END $$`, ''],
      ];
      for (const [sql, value] of refused) {
        const error: unknown = await client.query(sql, value === '' ? [] : [value]).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(pg.DatabaseError);
        for (const out of [logged({ err: error }), logged({ err: new Error('a request failed', { cause: error }) })]) {
          expect(out).not.toContain('jane');
          expect(out).not.toContain('hunter2');
          expect(out).toContain((error as pg.DatabaseError).code ?? 'a code');
        }
      }
    } finally {
      await client.end();
    }
  });
});

test('what a person needs stays readable: names of constraints, routes, ids, places in packages', () => {
  const words = [
    'duplicate key value violates unique constraint "operator_email"',
    'at file:///opt/allclear/node_modules/@hono/node-server/dist/index.mjs:12:3',
    'plan_81 has 1 of 2 approvals that hold now (approve: allclear plan approve plan_81)',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'the token is not valid',
    'rollout:12 ends at 17, and a checkpoint saw 19',
    'sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  ];
  for (const text of words) expect((JSON.parse(logged(text).split('\n')[0] ?? '') as { msg: string }).msg).toBe(text);
});
