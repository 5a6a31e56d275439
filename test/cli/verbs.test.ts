import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { Failure } from '../../src/domain/shared/failure.ts';
import type { Services } from '../../src/http/services.ts';
import { openTestCli } from './cli-world.ts';
import type { TestCli } from './cli-world.ts';
import { each, samplePlan, shownPlan } from './sample-plan.ts';

const open: TestCli[] = [];

async function cliOf(...given: Parameters<typeof openTestCli>): Promise<TestCli> {
  const cli = await openTestCli(...given);
  open.push(cli);
  return cli;
}

afterEach(async () => {
  for (const cli of open.splice(0)) await cli.close();
});

const withdrawal = {
  byClass: { verified: 0, observed: 12, reported: 0, weak: 0 },
  accounts: 12,
  heldByOther: 1,
  evidence: 12,
  partlyCovered: 0,
  withoutEvidence: 0,
};

/** Services that count what acts. */
function actors(acts: string[]): Partial<Services> {
  return {
    showPlan: async () => shownPlan(),
    exportPlan: () => each(samplePlan().lines),
    startRollout: async () => (acts.push('start'), 1),
    previewCorrection: async () => ({ goesOn: false, recipients: 7, conditional: 1 }),
    sendCorrection: async () => (acts.push('correction'), { goesOn: false, recipients: 7, conditional: 1 }),
    planWithdrawal: async () => withdrawal,
    withdrawEvidence: async () => (acts.push('withdraw'), withdrawal),
    approveSubject: async () => (
      acts.push('approve'),
      { kind: 'approved', decision: 'approve', expiresAt: new Date() }
    ),
    haltRollout: async () => (acts.push('halt'), { rollouts: [], alreadyHalted: true, entered: true }),
  };
}

const { digest } = samplePlan();
const acting: readonly { readonly argv: readonly string[]; readonly total: number; readonly act: string }[] = [
  { argv: ['rollout', 'start', 'plan_1'], total: 3, act: 'start' },
  { argv: ['correction', 'send', 'plan_1', '--holding'], total: 7, act: 'correction' },
  {
    argv: ['evidence', 'withdraw', 'batch_1', '--cause', 'rule-wrong', '--reason', 'office'],
    total: 12,
    act: 'withdraw',
  },
];

describe('a halt on the server’s own machine', () => {
  const dead = async (): Promise<never> => {
    throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
  };

  it('goes past a server that does not answer, without being asked again', async () => {
    const cli = await cliOf({}, { fetch: dead, canHaltDirect: true });
    const run = await cli.run('halt', 'plan_1', '--reason', 'wrong list');
    expect(run.exit).toBe(0);
    expect(run.stderr).toContain('Halting past it');
    expect(cli.halts).toEqual([{ subject: 'plan_1', scope: 'all', reason: 'wrong list' }]);
  });

  it('goes past a server that takes the request and never answers, and asks it nothing more', async () => {
    const asked: string[] = [];
    const cli = await cliOf(
      {},
      {
        fetch: (input, init) =>
          new Promise((_, reject) => {
            asked.push(String(input));
            init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
          }),
        canHaltDirect: true,
        local: {
          haltDirect: async ({ subject }) => ({
            rollouts: [
              { subject: subject ?? 'plan_1', halted: ['contain'], queues: ['tell'], inFlight: 0, handedOver: 9 },
            ],
            alreadyHalted: false,
            entered: true,
          }),
        },
      },
    );
    const run = await cli.run('halt', 'plan_1');
    expect([run.exit, run.stderr]).toEqual([0, expect.stringContaining('Halting past it')]);
    expect(run.stdout).toContain('contain, tell (mails in the queue)');
    expect(asked).toHaveLength(1);
  });

  it('is not past a server that refuses: a stranger stays one', async () => {
    const cli = await cliOf(
      { authenticate: () => Promise.reject(new Failure('unauthenticated', 'The token is not valid.')) },
      { canHaltDirect: true },
    );
    expect((await cli.run('halt', 'plan_1')).exit).toBe(3);
    expect(cli.halts).toEqual([]);
  });

  it('elsewhere is told where it can be done', async () => {
    const cli = await cliOf({}, { fetch: dead });
    const run = await cli.run('halt', 'plan_1');
    expect(run.exit).toBe(69);
    expect(run.stderr).toContain('halt --direct');
    expect(cli.halts).toEqual([]);
  });

  it('ends with 5 and says what is in force when the database could not be told', async () => {
    const cli = await cliOf({ haltRollout: async () => ({ rollouts: [], alreadyHalted: false, entered: false }) });
    const run = await cli.run('halt', 'plan_1');
    expect(run.exit).toBe(5);
    expect(run.stdout).toContain('Halted on this host');
  });
});

test('whoever waits for a server that says nothing is told so, once, beside the answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const cli = await cliOf(
      {},
      {
        async fetch() {
          await vi.advanceTimersByTimeAsync(20_000);
          return Response.json({ plans: [], next: null });
        },
      },
    );
    const run = await cli.run('plan', 'list', '--json');
    expect(run.stderr.match(/No answer yet from/g)).toHaveLength(1);
    expect(JSON.parse(run.stdout)).toEqual({ plans: [], next: null });
  } finally {
    vi.useRealTimers();
  }
});

describe('a program that asks for JSON', () => {
  it.each([
    ['explain', '--json'],
    ['plan', 'list', '--limt', '3', '--json'],
    ['palns', '--ndjson'],
  ])('gets it for a command line that cannot be read: %s %s', async (...argv) => {
    const run = await (await cliOf({})).run(...argv);
    expect(run.exit).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'usage', exit: 2 } });
  });
});

describe('a reader who is not sure that anything happened', () => {
  it('is told that a list is empty', async () => {
    const cli = await cliOf({ listPlans: async () => [] });
    const run = await cli.run('plan', 'list');
    expect([run.exit, run.stdout]).toEqual([0, 'No plan was drawn up yet: allclear plan draft --help\n']);
    expect(JSON.parse((await cli.run('plan', 'list', '--json')).stdout)).toEqual({ plans: [], next: null });
  });

  it('is told that a folder is no list, and not that the server is away', async () => {
    const cli = await cliOf({});
    const run = await cli.run('evidence', 'import', cli.home, '--source', 'leak');
    expect(run.exit).toBe(2);
    expect(run.stderr).toContain('is a folder');
  });
});

describe('what acts', () => {
  it.each(acting)('$act does nothing without --yes, and says how it would be done', async ({ argv, total, act }) => {
    const acts: string[] = [];
    const cli = await cliOf(actors(acts));
    const run = await cli.run(...argv);
    expect(run.exit).toBe(3);
    expect(run.stderr).toContain(`--yes --total ${total}`);
    expect(run.stdout).not.toBe('');
    expect(acts).toEqual([]);
    expect((await cli.run(...argv, '--yes', '--total', String(total))).exit).toBe(0);
    expect(acts).toEqual([act]);
  });

  it.each(acting)(
    '$act does nothing with another total than the present one, or with none',
    async ({ argv, total }) => {
      const acts: string[] = [];
      const cli = await cliOf(actors(acts));
      expect((await cli.run(...argv, '--yes', '--total', String(total + 1))).exit).toBe(3);
      expect((await cli.run(...argv, '--yes')).exit).toBe(2);
      expect((await cli.run(...argv, '--yes', '--total', 'all')).exit).toBe(2);
      expect(acts).toEqual([]);
    },
  );

  it('an approval is signed only with --yes', async () => {
    const acts: string[] = [];
    const cli = await cliOf(actors(acts));
    const argv = ['plan', 'approve', 'plan_1', '--digest', digest, '--total', '3', '--key', 'k'];
    expect((await cli.run(...argv)).exit).toBe(3);
    expect(acts).toEqual([]);
    expect((await cli.run(...argv, '--yes')).exit).toBe(0);
    expect(acts).toEqual(['approve']);
  });

  it('halt asks nothing, and goes past the server when it is told to', async () => {
    const acts: string[] = [];
    const cli = await cliOf(actors(acts), {});
    expect((await cli.run('halt')).exit).toBe(0);
    expect(acts).toEqual(['halt']);
    expect((await cli.run('halt', 'plan_1', '--tell', '--direct')).exit).toBe(0);
    expect(cli.halts).toEqual([{ subject: 'plan_1', scope: 'tell', reason: 'halted by hand' }]);
    expect(acts).toEqual(['halt']);
  });
});

describe('how a command ends', () => {
  it('a script is told by the exit code what kind of failure it was', async () => {
    const cases = {
      halted: 4,
      'not-found': 1,
      'needs-approval': 3,
      'not-drained': 75,
      'database-unavailable': 69,
    } as const;
    for (const [code, exit] of Object.entries(cases)) {
      const cli = await cliOf({
        listPlans: async () => {
          throw new Failure(code as keyof typeof cases, 'what happened');
        },
      });
      const run = await cli.run('plan', 'list', '--json');
      expect([run.exit, JSON.parse(run.stdout).error.code]).toEqual([exit, code]);
      expect(run.stderr).toContain('what happened');
    }
  });

  it('a server that is not there is 69, with the sentence how to start it', async () => {
    const cli = await cliOf({}, { fetch: async () => Promise.reject(new TypeError('fetch failed')) });
    const run = await cli.run('rollout', 'start', 'plan_1');
    expect(run.exit).toBe(69);
    expect(run.stderr).toContain('npm start');
    expect(run.stderr).toContain('allclear halt --direct');
  });

  it('a slip of the fingers is 2 and reaches no server', async () => {
    const cli = await cliOf({}, { fetch: async () => Promise.reject(new Error('it was asked')) });
    const slips = [
      ['plan', 'shwo'],
      ['plan', 'show', '81'],
      ['halt', 'plan_x'],
      ['plan', 'list', '--jsn'],
      ['plan', 'show'],
    ];
    for (const argv of slips) expect((await cli.run(...argv)).exit, argv.join(' ')).toBe(2);
  });

  it('a person who names nobody is told how to', async () => {
    const cli = await cliOf({}, { token: null });
    const run = await cli.run('plan', 'list');
    expect(run.exit).toBe(3);
    expect(run.stderr).toContain('--as NAME');
  });

  it('with --json there is one document on stdout, also from a dry run', async () => {
    const cli = await cliOf(actors([]));
    const run = await cli.run('rollout', 'start', 'plan_1', '--json');
    expect(run.exit).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({ plan: 'plan_1' });
  });

  it('the first operator finds their token by --as', async () => {
    const cli = await cliOf({ listPlans: async () => [] }, { token: null });
    expect((await cli.run('operator', 'add', '--name', 'Ada L.', '--email', 'ada@ops.example', '-q')).exit).toBe(0);
    expect((await cli.run('plan', 'list', '--as', 'Ada L.')).exit).toBe(0);
    expect((await cli.run('plan', 'list', '--as', '../../etc/passwd')).exit).toBe(3);
  });
});

it('what stands in a list or a name cannot repaint the terminal of whoever looks at it', async () => {
  const hostile = 'Eve\u001b[2J\u001b]0;owned\u0007\r\u202egnp.exe\u009b31m\nroot';
  const cli = await cliOf({ showPlan: async () => shownPlan(hostile) });
  const run = await cli.run('plan', 'show', 'plan_1');
  expect(run.exit).toBe(0);
  expect(run.stdout).toContain('Eve\\x1b[2J');
  expect(run.stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(run.stdout).not.toMatch(/^root/m);
});

it('a file of a list reaches the import byte for byte', async () => {
  const bytes = Buffer.from([0x61, 0x3a, 0xff, 0x00, 0x0a]);
  let seen = Buffer.alloc(0);
  const cli = await cliOf({
    async importEvidence({ stream }) {
      for await (const chunk of stream) seen = Buffer.concat([seen, chunk]);
      throw new Failure('import-unreadable', 'enough');
    },
  });
  const file = join(cli.home, 'list.txt');
  await writeFile(file, bytes);
  const run = await cli.run('evidence', 'import', file, '--source', 'leak');
  expect(run.exit).toBe(1);
  expect(seen.equals(bytes)).toBe(true);
});

it('the last line of a demo is its counts, whatever was told before', async () => {
  const cli = await cliOf({});
  const run = await cli.run('demo', 'twitter-2014');
  expect(run.stdout.trim().split('\n')).toEqual(['it begins', '{"told":1,"wrong":0}']);
  const asJson = await cli.run('demo', 'twitter-2014', '--json');
  expect(asJson.stdout).toBe('{"told":1,"wrong":0}\n');
});

it('the records of the mail keys are all that stands on stdout, as a zone file takes them', async () => {
  const cli = await cliOf({});
  const run = await cli.run('mail', 'keys');
  expect([run.exit, run.stdout]).toEqual([0, 'r._domainkey.chirp.example. IN TXT "v=DKIM1; p=AA"\n']);
  expect(run.stderr).toContain('A key was made: /keys/dkim-rsa.pem');
  expect(run.stderr).toMatch(/name {2}r\._domainkey\.chirp\.example\n {2}value v=DKIM1; p=AA\n/);
  const asJson = await cli.run('mail', 'keys', '--json');
  expect(JSON.parse(asJson.stdout)).toMatchObject({ domain: 'chirp.example', made: ['/keys/dkim-rsa.pem'] });
});
