import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leakedPasswordOf } from '../../examples/scenarios/leak-day.ts';
import { plainPeople, tracksOf, untilPhase } from '../../examples/scenarios/campaign.ts';
import { mailsTo } from '../../examples/scenarios/observe-world.ts';
import type { Crew } from '../../examples/scenarios/people.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import type { Ask } from '../../src/cli/ask.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { makeLocalVerbs } from '../../src/main/local-verbs.ts';

/** A shop of 300 accounts: one person on the server's machine, one outside, one more; everything by command and API. */
let world: World;
let database: pg.Client;

interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line on somebody's own machine: a home of its own, and no way past the API but on the server's. */
async function on(machine: string, argv: readonly string[], stdin = '', ask?: Ask): Promise<Run> {
  const home = machine === 'server' ? join(world.folder, 'home') : join(world.folder, machine);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const env = machine === 'server' ? world.env : {};
  const load = () => loadConfig({ env: { ...env, ALLCLEAR_HOME: home }, flags: {}, cwd: home });
  async function* typed(): AsyncIterable<string> {
    if (stdin !== '') yield stdin;
  }
  let stdout = '';
  let stderr = '';
  const exit = await runCli(argv, {
    stdin: Object.assign(typed(), { isTTY: false }),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    now: () => new Date(),
    version: '0.1.0',
    fetch,
    readSettings: () => ({ url: world.serverUrl, token: null, home, keyPassphrase: null, backupPassphrase: null }),
    local: makeLocalVerbs(load),
    ...(ask === undefined ? {} : { ask }),
  });
  return { exit, stdout, stderr };
}

async function done(machine: string, argv: readonly string[], stdin?: string): Promise<Run> {
  const run = await on(machine, argv, stdin);
  expect(run.exit, `${argv.join(' ')}: ${run.stderr}`).toBe(0);
  return run;
}

const keyOf = (machine: string, name: string): string =>
  join(world.folder, machine === 'server' ? 'home' : machine, 'operators', `${name}.key`);
const annsKey = (): string => keyOf('server', 'ann');

async function invite(email = 'ben@shop.example'): Promise<string> {
  const argv = ['operator', 'invite', '--name', 'ben', '--email', email, '--key', annsKey(), '--as', 'ann', '--json'];
  const { stdout } = await done('server', argv);
  return (JSON.parse(stdout) as { code: string }).code;
}

const accept = (machine: string, code: string, email = 'ben@shop.example'): Promise<Run> =>
  on(machine, ['operator', 'accept', '--email', email, '--code-file', '-', '--json'], code);

beforeAll(async () => {
  world = await openWorld({
    keep: 300,
    crew: async () => null as unknown as Crew,
    settings: { ALLCLEAR_PROFILE: 'small', ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '4,1' },
  });
  database = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
  await database.connect();
  await done('server', ['operator', 'add', '--name', 'ann', '--email', 'ann@shop.example']);
}, 240_000);

afterAll(async () => {
  await database.end();
  await world.close();
});

describe('an invitation', () => {
  test('is worth nothing for another address, with another code, or when it is over or replaced', async () => {
    const code = await invite();
    expect((await accept('thief', code, 'eve@shop.example')).stderr).toContain('The invitation is not valid');
    expect(
      (
        await accept(
          'thief',
          code.replace(/^./, (one) => (one === 'A' ? 'B' : 'A')),
        )
      ).exit,
    ).toBe(3);
    await database.query(`UPDATE allclear.operator_invitation SET expires_at = clock_timestamp() - interval '1 s'`);
    expect((await accept('ben', code)).exit).toBe(3);
    const replaced = await invite();
    await invite();
    expect((await accept('ben', replaced)).exit).toBe(3);
    const { stdout } = await done('server', ['operator', 'list', '--json', '--as', 'ann']);
    expect((JSON.parse(stdout) as { operators: unknown[] }).operators).toHaveLength(1);
  });

  test('is signed by the inviter, for another person than the inviter', async () => {
    const own = ['operator', 'invite', '--name', 'ann again', '--email', 'ANN@shop.example'];
    expect((await on('server', [...own, '--key', annsKey(), '--as', 'ann'])).stderr).toContain('your own address');
    await done('server', ['operator', 'token', 'operator_1', '--key', annsKey(), '--as', 'ann']);
    const strange = join(world.folder, 'strange.key');
    await makeLocalVerbs(() => loadConfig({ env: {}, flags: {}, cwd: world.folder })).signing.makeKey(strange, null);
    const forged = ['operator', 'invite', '--name', 'eve', '--email', 'eve@shop.example', '--key', strange];
    expect((await on('server', [...forged, '--as', 'ann'])).stderr).toContain('not signed with your key');
  });

  test('has one winner among many who show the code at the same moment, and then is used up', async () => {
    const code = await invite();
    const machines = ['ben', 'copy-1', 'copy-2', 'copy-3'];
    const runs = await Promise.all(machines.map((machine) => accept(machine, code.toLowerCase().replaceAll('-', ' '))));
    expect(runs.map((run) => run.exit).toSorted()).toEqual([0, 3, 3, 3]);
    const winner = machines[runs.findIndex((run) => run.exit === 0)] ?? '';
    await chmod(join(world.folder, winner), 0o700);
    const { keyFile, operator } = JSON.parse(runs[machines.indexOf(winner)]?.stdout ?? '{}') as {
      keyFile: string;
      operator: { operatorId: string; name: string; state: string };
    };
    expect(operator).toMatchObject({ operatorId: 'operator_2', name: 'ben', state: 'active' });
    // From here on ben is whoever won.
    if (winner !== 'ben') {
      await mkdir(join(world.folder, 'ben', 'operators'), { recursive: true });
      await writeFile(keyOf('ben', 'ben'), await readFile(keyFile), { mode: 0o600 });
      await writeFile(
        join(world.folder, 'ben', 'operators', 'ben.token'),
        await readFile(join(world.folder, winner, 'operators', 'ben.token')),
        { mode: 0o600 },
      );
    } else await writeFile(keyOf('ben', 'ben'), await readFile(keyFile), { mode: 0o600 });
    expect((await accept('late', code)).exit).toBe(3);
    const again = ['operator', 'invite', '--name', 'cho', '--email', 'cho@shop.example', '--key', annsKey()];
    expect((await on('server', [...again, '--as', 'ann'])).exit).toBe(3);
    expect(
      (await on('server', ['operator', 'add', '--name', 'cho', '--email', 'cho@shop.example', '--as', 'ann'])).exit,
    ).toBe(0);
    for (const [machine, name] of [
      ['server', 'ann'],
      ['ben', 'ben'],
    ] as const) {
      const yes = ['operator', 'approve', 'operator_3', '--key', keyOf(machine, name), '--yes', '--as', name];
      expect([0, 3]).toContain((await on(machine, yes)).exit);
    }
    await done('server', ['operator', 'token', 'operator_3', '--key', keyOf('server', 'cho'), '--as', 'cho']);
  });

  test('leaves no code in the database or the ledger', async () => {
    const { rows } = await database.query<{ text: string }>(
      `SELECT i::text AS text FROM allclear.operator_invitation i UNION ALL SELECT e::text FROM allclear.ledger_entry e`,
    );
    const all = rows.map((row) => row.text).join('\n');
    expect(all).not.toMatch(/[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){6}/);
  });
});

interface Drafted {
  readonly plan: 'plan_1' | 'plan_2';
  readonly digest: string;
  readonly counts: { readonly total: number; readonly told: number };
  readonly waves: { readonly tellEnds: readonly number[]; readonly containEnds: readonly number[] };
}

async function draft(from: number, count: number): Promise<Drafted> {
  const people = plainPeople(world, 3).slice(from, from + count);
  const list = people.map((person) => `${person.address}:${leakedPasswordOf(person)}\n`).join('');
  const argv = ['evidence', 'import', '-', '--source', `list ${from}`, '--as', 'ann', '--json'];
  const { stdout } = await done('server', argv, list);
  const { batch } = JSON.parse(stdout) as { batch: string };
  const drafted = ['plan', 'draft', '--evidence', batch, '--notice', 'password-reset', '--as', 'ann', '--json'];
  return JSON.parse((await done('server', drafted)).stdout) as Drafted;
}

/** Away from the terminal: every target goes out as a line, and comes back with a verdict. */
async function reviewByFile(machine: string, plan: Drafted, verdictOf: (index: number) => string): Promise<Run> {
  const name = machine === 'server' ? 'cho' : machine;
  const listed = await on(machine, ['plan', 'review', plan.plan, '--ndjson', '--as', name]);
  const lines = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  const file = join(world.folder, `${name}-${plan.plan}.ndjson`);
  await writeFile(
    file,
    lines.map((line, index) => `${JSON.stringify({ ...line, verdict: verdictOf(index) })}\n`).join(''),
  );
  return on(machine, ['plan', 'review', plan.plan, '--verdicts', file, '--as', name, '--json']);
}

function approve(machine: string, plan: Drafted): Promise<Run> {
  const name = machine === 'server' ? 'cho' : machine;
  const { digest, counts } = plan;
  const typed = ['--digest', digest, '--total', String(counts.total), '--key', keyOf(machine, name), '--yes'];
  return on(machine, ['plan', 'approve', plan.plan, ...typed, '--as', name]);
}

describe('a campaign of the shop', () => {
  let plan: Drafted;

  test('is drawn up in waves of ten and then the rest', async () => {
    plan = await draft(0, 24);
    expect(plan.counts).toMatchObject({ total: 24, told: 24 });
    expect(plan.waves.tellEnds).toEqual([10, 24]);
    expect(plan.waves.containEnds[0]).toBe(10);
  });

  test('gets no yes before its approver looked at every single target', async () => {
    expect((await approve('ben', plan)).stderr).toContain('allclear plan review plan_1');
    expect((await reviewByFile('ben', plan, (index) => (index === 7 ? 'cannot-tell' : 'right'))).exit).toBe(3);
    expect((await approve('ben', plan)).exit).toBe(3);
    const finished = await reviewByFile('ben', plan, () => 'right');
    expect(JSON.parse(finished.stdout)).toMatchObject({ counts: { drawn: 24, right: 24, left: 0 } });
    expect((await approve('ben', plan)).exit).toBe(0);
  });

  test('is looked at one by one at a terminal, and gone on with where it was left', async () => {
    const asked: string[] = [];
    let left = 5;
    const ask = {
      say: (text: string) => void asked.push(text),
      choose: async () => (left-- > 0 ? 'right' : 'leave'),
    } as unknown as Ask;
    const first = await on('server', ['plan', 'review', plan.plan, '--as', 'cho'], '', ask);
    expect(first.exit).toBe(3);
    expect(asked[1]).toContain('a leaked password works on this account');
    expect(asked.join()).not.toMatch(/@[a-z]/);
    left = 24;
    asked.length = 0;
    expect((await on('server', ['plan', 'review', plan.plan, '--as', 'cho'], '', ask)).exit).toBe(0);
    expect(asked[0]).toContain('19 of your 24 targets are open');
    expect((await approve('server', plan)).exit).toBe(0);
  });

  test('tells ten people, waits, and then tells the rest, each once', async () => {
    await done('server', ['rollout', 'start', plan.plan, '--yes', '--total', '24', '--as', 'ann']);
    await expect.poll(() => world.mailbox.count(), { timeout: 60_000, interval: 50 }).toBe(10);
    expect((await tracksOf(world, plan.plan)).find((track) => track.track === 'tell')?.wavesOpened).toBe(1);
    await untilPhase(world, plan.plan, ['contain', 'tell'], ['finished'], 60_000);
    expect(world.mailbox.count()).toBe(24);
    for (const person of plainPeople(world, 3).slice(0, 24)) {
      expect(mailsTo(world.mailbox, person.address)).toHaveLength(1);
    }
  });

  test('is blocked for everyone by one target that one person finds wrong, and nobody is told', async () => {
    const doubtful = await draft(24, 12);
    expect((await reviewByFile('ben', doubtful, (index) => (index === 3 ? 'wrong' : 'right'))).exit).toBe(3);
    expect((await reviewByFile('server', doubtful, () => 'right')).exit).toBe(0);
    const refused = await approve('server', doubtful);
    expect([refused.exit, refused.stderr]).toEqual([3, expect.stringContaining('found a target of plan_2 wrong')]);
    const start = ['rollout', 'start', doubtful.plan, '--yes', '--total', '12', '--as', 'ann', '--json'];
    expect((JSON.parse((await on('server', start)).stdout) as { error: { code: string } }).error.code).toBe(
      'review-wrong',
    );
    const shown = await done('server', ['plan', 'show', doubtful.plan, '--as', 'ann']);
    expect(shown.stdout).toMatch(/WRONG: target 3, account \S+, found by operator_2/);
    expect(world.mailbox.count()).toBe(24);
    expect((await world.services.verifyLedger()).findings).toEqual([]);
  });
});
