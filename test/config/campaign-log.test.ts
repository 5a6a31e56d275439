import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedPlan, importLeaked, plainPeople, untilDrained } from '../../examples/scenarios/campaign.ts';
import { readCredentials } from '../../examples/scenarios/observe-world.ts';
import { tokenOf } from '../../examples/scenarios/people.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { passwordOf } from '../../examples/chirp/population/ground-truth.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Shorter passwords are words and numbers that any log holds by chance. */
const leastPassword = 9;
let world: World;
let sink: SmtpSink;
const children: ChildProcess[] = [];
let heard = '';

/** A server and a worker as processes, at the lowest level; the mail server repeats addresses in what it refuses. */
beforeAll(async () => {
  world = await openWorld({
    keep: 80,
    isServed: false,
    settings: {
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '0',
      ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
    },
  });
  // Servers repeat addresses, and not always the one that they were given.
  const said = plainPeople(world, 5)[0]?.address ?? '';
  sink = await openSmtpSink({
    rules: [
      { at: 'rcpt', message: 2, say: `550 5.1.1 <${said}>: no such user ${said}\r\n` },
      { at: 'rcpt', message: 4, say: `451 4.7.1 "${said}" is greylisted, ask postmaster\r\n` },
      { at: 'dot', message: 6, say: `554 5.7.1 spam to ${said}, seen before\r\n` },
      { at: 'dot', message: 8, then: 'rst' },
      { at: 'body', message: 10, then: 'rst' },
    ],
  });
}, 120_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await world.close();
  await sink.close();
});

async function start(entry: 'server' | 'worker', settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = spawn(process.execPath, [`${root}src/main/${entry}.ts`], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...world.env,
      LOG_LEVEL: 'trace',
      SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
      ...settings,
    },
    cwd: world.folder,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (heard += text));
  return new Promise((resolve) => {
    child.once('message', (message) => resolve((message as { url?: string }).url ?? ''));
    child.once('exit', () => resolve('ended'));
  });
}

test('no address, password, hash or token is in any line of a campaign in which much goes wrong', async () => {
  const url = await start('server');
  const people = plainPeople(world, 5).slice(0, 24);
  const batch = await importLeaked(world, people, 'a forum');
  const plan = await approvedPlan(world, [batch], { budget: 'attack' });
  const token = await tokenOf(world.services, world.crew.approvers[0]);
  const hashes = [...(await readCredentials(world.chirp.databaseUrl)).values()];
  await start('worker');
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  await expect.poll(() => sink.wholeMessages(), { timeout: 60_000, interval: 10 }).toBeGreaterThan(10);

  const [someone] = people;
  const address = someone?.address ?? '';
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (path: string, body: object): Promise<void> => {
    await (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).text();
  };
  await ask('/api/v1/explanations', { query: address });
  await ask('/api/v1/subjects/exports', { query: address });
  await ask('/api/v1/subjects/erasures', { query: address });
  await ask(`/api/v1/plans/${plan.id}/rehearsals`, { to: address });
  await ask('/api/v1/halts', { subject: plan.id, scope: 'all', reason: `${address} called` });
  await (await fetch(`${url}/notices/check?address=${encodeURIComponent(address)}`)).text();
  await (await fetch(`${url}/api/v1/plans`, { headers: { authorization: `Bearer ${token}x` } })).text();
  await untilDrained(world, plan.id, 30_000);

  // What servers said is not kept either: codes and our own words are.
  const { rows } = await query<{ note: string }>('SELECT note FROM outcome_note');
  expect(rows.length).toBeGreaterThan(2);
  expect(rows.filter((row) => row.note.includes('@'))).toEqual([]);

  // A process that cannot start says why without what it was given.
  const broken = new URL(world.env['DATABASE_URL'] ?? '');
  broken.password = 'nightjar-and-9-herons';
  broken.port = '1';
  expect(await start('worker', { DATABASE_URL: broken.href })).toBe('ended');

  expect(heard.split('\n').length).toBeGreaterThan(10);
  expect(heard).toContain('"msg":"request"');
  const secrets = [
    ...world.chirp.truth.people.flatMap((person) => [person.address, person.address.split('@')[0] ?? '']),
    ...people.map((person) => passwordOf(person) ?? '').filter((word) => word.length >= leastPassword),
    ...hashes.filter((hash) => hash !== null),
    token,
    world.env['ALLCLEAR_SERVICE_TOKEN'] ?? '',
    'nightjar-and-9-herons',
    new URL(world.env['DATABASE_URL'] ?? '').password,
  ].filter((secret) => secret.length > 6);
  expect(secrets.length).toBeGreaterThan(200);
  const lower = heard.toLowerCase();
  expect(secrets.filter((secret) => lower.includes(secret.toLowerCase()))).toEqual([]);
}, 120_000);

async function query<Row extends object>(text: string): Promise<pg.QueryResult<Row>> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'], options: '-c search_path=allclear' });
  await client.connect();
  try {
    return await client.query<Row>(text);
  } finally {
    await client.end();
  }
}
