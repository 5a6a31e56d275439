import { execFile, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { requireRoom } from '../../src/main/require-room.ts';
import { makeSayOnce } from '../../src/main/say-once.ts';
import { describeIf } from '../support/skip.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./on-small-disk.ts', import.meta.url));
/** Root has mounts of its own for the asking; others become root of a namespace, where the machine allows it. */
const unshare = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
const canMount = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;
const isRoot = process.getuid?.() === 0;

/** What a process saw whose folder is a disk of this size. */
async function onDisk(mode: 'files' | 'postgres', size: string): Promise<Readonly<Record<string, unknown>>> {
  const folder = makeTempFolder('disk');
  const node = `exec "$0" --disable-warning=ExperimentalWarning "$1" "$2" "$3"`;
  const words = `mount -t tmpfs -o size=${size},mode=0777 none "$2" && ${node}`;
  try {
    const args = [...unshare, 'sh', '-c', words, process.execPath, script, folder, mode];
    const { stdout } = await run('unshare', args, { env: { ...process.env, STARTED_BY_A_TEST: 'yes' } });
    return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describeIf(canMount, 'a truly full disk of the state folder', 'needs to mount a small disk (unshare)', () => {
  test('nothing is begun, what is in hand keeps its intents, and halting works', async () => {
    expect(await onDisk('files', '8m')).toEqual({
      full: {
        refusal: true,
        note: 'ENOSPC',
        begin: 'ENOSPC',
        intend: true,
        checkpoint: 'ENOSPC',
        halt: 'done',
        mayAct: false,
        haltFile: 'done',
      },
      after: { refusal: null, newest: 500, lines: ['{"first":1}', '{"third":3}'], begin: 'done', isWhole: true },
    });
  });
});

// The built-in Postgres becomes another user where it is started as root, which a namespace of one user has not.
describeIf(canMount && isRoot, 'a truly full disk of the database', 'needs to mount a small disk as root', () => {
  test('no permit is taken; a halt fences at once and is recorded when there is room', async () => {
    expect(await onDisk('postgres', '140m')).toEqual({
      filled: 'disk-full',
      permits: 'disk-full',
      halted: 'disk-full',
      mayAct: false,
      ran: { heldBy: expect.stringContaining('fenced') },
      haltedLater: 'done',
      findings: [],
      phases: ['halted', 'halted'],
    });
  });
});

describe('a rollout whose host cannot write any more', () => {
  const openWorld = withRolloutWorlds(withTestPostgres());
  let world: RolloutWorld;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('sends nothing, gives its permit back, and tells everybody once there is room', async () => {
    const { rolloutNo } = await world.startedPlan(world.addHolders(4), { containWaveSizes: [4], tellWaveSizes: [4] });
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const journal = {
      ...world.journal,
      note: () => {
        throw full;
      },
    };
    await world.advance(rolloutNo);
    await world.hearSensor();
    expect(await world.run(rolloutNo, 'contain', { journal })).toEqual({
      heldBy: expect.stringContaining('ENOSPC'),
    });
    expect((await world.permits(rolloutNo, 'contain')).map((permit) => permit.state)).toEqual(['returned']);
    await world.makeDue();
    await world.work(rolloutNo);
    const told = await world.outcomes(rolloutNo, 'tell');
    expect(told).toEqual([...told].fill(deliveryByte('accepted')));
    expect(told).toHaveLength(4);
  });

  test('takes no permit at all while the disk of its state folder is nearly full', async () => {
    const { rolloutNo } = await world.startedPlan(world.addHolders(2));
    await world.advance(rolloutNo);
    const journal = { ...world.journal, refusal: () => 'the disk is full' };
    expect(await world.run(rolloutNo, 'contain', { journal })).toEqual({ heldBy: 'the disk is full' });
    expect(await world.permits(rolloutNo, 'contain')).toEqual([]);
  });
});

test('below the named free space no list is taken in, and the message says how much is kept for what', async () => {
  const env = { ALLCLEAR_HOME: join(tmpdir(), 'allclear-not-there'), ALLCLEAR_LEAST_FREE_MB: '1000000' };
  const { config } = loadConfig({ env, flags: {}, cwd: tmpdir() });
  await expect(requireRoom(config)).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('1000000 are kept for halting'),
  });
  await expect(requireRoom({ ...config, leastFreeMb: 0 })).resolves.toBeUndefined();
});

test('what goes on failing is said once and then every ten minutes, so that a full disk does not fill the log', () => {
  const said: string[] = [];
  let ms = 0;
  const write = (_fields: unknown, words?: string): void => void said.push(words ?? '');
  const say = makeSayOnce({ error: write, warn: write, info: write } as never, () => ms);
  for (; ms < 3_600_000; ms += 1_000) say.failed('steward', new Error('full'), 'the steward failed');
  expect(said).toHaveLength(6);
  say.well('steward');
  say.failed('steward', new Error('full'), 'the steward failed again');
  expect(said.slice(-2)).toEqual(['works again', 'the steward failed again']);
  for (let times = 0; times < 100; times += 1) say.held('everything', 'it is behind');
  expect(said).toHaveLength(9);
});

test('a log that is full costs lines and not the process, whose memory stays where it was', () => {
  const logger = new URL('../../src/adapters/log/logger.ts', import.meta.url).href;
  const code = `import { makeLogger } from ${JSON.stringify(logger)};
    const log = makeLogger({ name: 't', level: 'info' });
    for (let line = 0; line < 3_000; line += 1) log.warn({ line }, 'a line that finds no room');
    console.log(process.memoryUsage().rss < 400_000_000);`;
  const full = openSync('/dev/full', 'w');
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code];
  const done = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', full] });
  closeSync(full);
  expect([done.status, done.stdout.toString().trim()]).toEqual([0, 'true']);
});
