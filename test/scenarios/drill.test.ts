import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCredentials, readSessions } from '../../examples/scenarios/observe-world.ts';
import { tokenOf } from '../../examples/scenarios/people.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { writeKeyFile } from '../../src/adapters/crypto/key-file.ts';
import { emptyDrillDatabase } from '../../src/adapters/postgres/drill-database.ts';
import { writeTokenFile } from '../../src/cli/operator-files.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { DrillAnswer, DrillListAnswer } from '../../src/contract/drill.ts';
import { makeLocalVerbs } from '../../src/main/local-verbs.ts';

/** The fewest that a drill takes, so that it is over in seconds. */
const people = 60;
const startTimeoutMs = 120_000;
const drillTimeoutMs = 180_000;

let world: World;
let home: string;

beforeAll(async () => {
  world = await openWorld({ size: 200, hasWorker: false, settings: { ALLCLEAR_DRILL_PEOPLE: String(people) } });
  home = join(world.folder, 'home');
  const { author, approvers } = world.crew;
  for (const [name, person] of [
    ['cho', author],
    ['ann', approvers[0]],
    ['ben', approvers[1]],
  ] as const) {
    await writeTokenFile(join(home, 'operators', `${name}.token`), await tokenOf(world.services, person));
    await writeKeyFile(join(home, 'operators', `${name}.key`), person.key);
  }
}, startTimeoutMs);

afterAll(() => world.close(), startTimeoutMs);

interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as a person types it, over HTTP, in this process: starting one takes longer than the command. */
async function allclear(...argv: readonly string[]): Promise<Run> {
  const said = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({ isTTY: false, write: (text: string) => ((said[name] += text), true) });
  const load = (flags: { readonly url?: string }) =>
    loadConfig({ env: { ALLCLEAR_HOME: home, ALLCLEAR_URL: world.serverUrl }, flags, cwd: world.folder });
  const exit = await runCli(argv, {
    stdin: Readable.from([]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    now: () => new Date(),
    version: 'test',
    fetch,
    readSettings: (flags) => load(flags).config,
    local: makeLocalVerbs(load),
  });
  return { exit, ...said };
}

async function json<T>(...argv: readonly string[]): Promise<T> {
  const { stdout, stderr } = await allclear(...argv, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

async function untilStage(stage: string): Promise<DrillAnswer> {
  for (;;) {
    const shown = await world.services.showDrill(null);
    if (shown.state !== 'running' || shown.progress?.stage === stage)
      return json<DrillAnswer>('drill', 'show', '--as', 'ann');
    await delay(100);
  }
}

function key(name: string): string {
  return join(home, 'operators', `${name}.key`);
}

async function liveCounts(): Promise<Readonly<Record<string, number>>> {
  const client = new pg.Client({ connectionString: world.installation.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, number>>(
      `SELECT (SELECT count(*)::int FROM allclear.plan) AS plans, (SELECT count(*)::int FROM allclear.evidence) AS evidence,
         (SELECT count(*)::int FROM allclear.rollout) AS rollouts, (SELECT count(*)::int FROM allclear.restore_point) AS points,
         (SELECT count(*)::int FROM allclear.operator) AS operators`,
    );
    return rows[0] ?? {};
  } finally {
    await client.end();
  }
}

describe('a drill', () => {
  test(
    'mails nobody who exists, touches nothing live, and puts everybody in it right',
    async () => {
      const before = await readCredentials(world.chirp.databaseUrl);
      const sessions = await readSessions(world.chirp.databaseUrl);
      expect((await allclear('drill', 'begin', '--as', 'cho')).exit).toBe(3);
      const begun = await allclear('drill', 'begin', '--yes', '--as', 'cho');
      expect([begun.exit, begun.stderr]).toEqual([0, expect.stringContaining('made-up people')]);
      expect(begun.stdout).toContain('--drill --as NAME');
      const { plan = null, agree = null } = (await untilStage('agreeing')).progress ?? {};
      if (plan === null || agree === null) throw new Error('no plan was drawn up');
      const { digest: planDigest, total } = agree;
      const agreeing = ['--digest', planDigest, '--total', String(total), '--key', key('ann'), '--yes'];
      // Without --drill it is a yes to nothing.
      expect((await allclear('plan', 'approve', plan, ...agreeing, '--as', 'ann')).exit).toBe(1);
      const agreed = await allclear('plan', 'approve', plan, ...agreeing, '--drill', '--as', 'ann');
      expect([agreed.exit, agreed.stderr]).toEqual([0, expect.any(String)]);
      await untilStage('telling');
      // What is typed without --drill is about the real thing, where there is no such plan.
      expect((await allclear('halt', plan, '--as', 'ben')).exit).toBe(1);
      const halted = await allclear('halt', plan, '--reason', 'drill', '--drill', '--as', 'ben');
      expect([halted.exit, halted.stdout]).toEqual([0, expect.stringContaining('Halted')]);
      const { retraction } = (await untilStage('approving')).progress ?? {};
      if (retraction == null) throw new Error('no retraction was drawn up');
      const { id, digest, affected } = retraction;
      for (const name of ['ann', 'ben']) {
        const yes = ['--digest', digest, '--total', String(affected), '--key', key(name), '--yes', '--drill'];
        const given = await allclear('retract', 'approve', id, ...yes, '--as', name);
        expect([given.exit, given.stdout]).toEqual([0, expect.stringContaining(name === 'ann' ? '1 of 2' : 'started')]);
      }
      const over = await untilStage('over');
      expect(over).toMatchObject({
        state: 'passed',
        report: {
          reasons: [],
          agreedBy: 'operator_1',
          haltedBy: 'operator_2',
          approvedBy: ['operator_1', 'operator_2'],
          figures: { named: people, wrong: 0, strayMails: 0 },
        },
      });
      const { told, corrected, contained, restored, kept, lastDotMs } = over.report?.figures ?? {};
      expect(told).toBeGreaterThan(0);
      expect(corrected).toBeLessThanOrEqual(told ?? 0);
      expect((restored ?? 0) + (kept ?? 0)).toBe(contained);
      expect(lastDotMs).toBeLessThanOrEqual(1_000);

      expect(world.mailbox.count()).toBe(0);
      expect(await readCredentials(world.chirp.databaseUrl)).toEqual(before);
      expect(await readSessions(world.chirp.databaseUrl)).toEqual(sessions);
      expect(await liveCounts()).toEqual({ plans: 0, evidence: 0, rollouts: 0, points: 0, operators: 3 });
      const ledger = await world.services.listLedger({ of: 'installation', event: null, beforeSeq: null, limit: 100 });
      const events = ledger.map((entry) => entry.event);
      expect(events).toEqual(expect.arrayContaining(['drill.begun', 'drill.passed']));
      expect(events.filter((event) => /^(plan|rollout|evidence|retraction)\./.test(event))).toEqual([]);
      expect((await world.services.verifyLedger()).whole).toBe(true);
    },
    drillTimeoutMs,
  );

  test(
    'whose process dies is failed, renews nothing, and leaves nothing behind',
    async () => {
      const passedAt = (await json<DrillListAnswer>('drill', 'list', '--as', 'ann')).drills[0]?.endedAt;
      await world.services.beginDrill(world.crew.author.id);
      for (const pid of drillProcesses()) process.kill(pid, 'SIGKILL');
      const over = await untilStage('over');
      expect(over.state).toBe('failed');
      expect(over.report?.reasons).toEqual([expect.stringContaining('SIGKILL')]);
      const shown = await allclear('drill', 'show', '--as', 'ann');
      expect([shown.exit, shown.stdout]).toEqual([1, expect.stringContaining('not renewed')]);
      const store = world.installation.store;
      expect((await store.transact((tx) => tx.drills.lastPassedAt()))?.toISOString()).toBe(passedAt);
      // A request for a drill that is over reaches nothing else.
      expect((await allclear('halt', '--drill', '--as', 'ben')).exit).toBe(1);
      while (existsSync(join(home, 'drill'))) await delay(50);
    },
    drillTimeoutMs,
  );

  test('does not run into a database that holds anything else', async () => {
    const before = await liveCounts();
    await expect(emptyDrillDatabase(world.installation.databaseUrl)).rejects.toMatchObject({ code: 'conflict' });
    await expect(emptyDrillDatabase(world.chirp.databaseUrl)).rejects.toMatchObject({ code: 'conflict' });
    expect(await liveCounts()).toEqual(before);
  });
});

/** Children of this process that run a drill, as the kernel names them. */
function drillProcesses(): readonly number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim();
  return children
    .split(' ')
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('src/main/drill.ts'));
}
