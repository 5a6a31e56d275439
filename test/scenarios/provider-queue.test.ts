import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import {
  approvedPlan,
  importLeaked,
  plainPeople,
  resumeByTwo,
  untilDrained,
} from '../../examples/scenarios/campaign.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { runDoctor } from '../../src/main/doctor/run-doctor.ts';
import { openTestCli } from '../cli/cli-world.ts';
import type { TestCli } from '../cli/cli-world.ts';
import { describeIfPostfix, freePort, startPostfix } from '../support/postfix.ts';
import type { TestPostfix } from '../support/postfix.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';

const cap = 8;
const people = 20;
const run = promisify(execFile);

describeIfPostfix(() => {
  let world: World;
  let postfix: TestPostfix;
  let relayPort: number;
  let cli: TestCli;
  let config: Config;

  beforeAll(async () => {
    relayPort = await freePort();
    postfix = await startPostfix({ relayPort });
    world = await openWorld({
      keep: 150,
      settings: {
        SMTP_URL: `smtp://127.0.0.1:${postfix.port}`,
        ALLCLEAR_MAIL_QUEUE: 'postfix',
        ALLCLEAR_MAIL_QUEUE_HOLD: 'direct',
        ALLCLEAR_MAIL_QUEUE_CONFIG_DIR: postfix.configDir,
        ALLCLEAR_MAIL_QUEUE_CAP: String(cap),
        ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '100',
        ALLCLEAR_LIMIT_SMALL_PERMIT_SIZE: '2',
      },
    });
    config = loadConfig({ env: world.env, flags: {}, cwd: world.folder }).config;
    const { haltRollout, readRolloutStatus } = world.services;
    cli = await openTestCli({ haltRollout, readRolloutStatus });
    return async () => {
      await cli.close();
      await world.close();
      await postfix.stop();
    };
  }, 120_000);

  async function mailQueue() {
    const { stdout } = await run('/usr/sbin/postqueue', ['-c', postfix.configDir, '-j']);
    const entries = stdout.split('\n').filter((line) => line !== '');
    const places = entries.map((line) => (JSON.parse(line) as { queue_name: string }).queue_name);
    return { all: places.length, onHold: places.filter((place) => place === 'hold').length };
  }

  async function doctorOfQueue(over: Partial<Config> = {}) {
    return (await runDoctor({ ...config, ...over })).find(({ check }) => check === 'queue of the mail server');
  }

  test('a whole installation stops at the cap, says what is left, holds it when it is halted, and sends it when two resume', async () => {
    const batch = await importLeaked(world, plainPeople(world, 3).slice(0, people), 'a paste');
    const plan = await approvedPlan(world, [batch], { budget: 'attack' });
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);

    // Four hands with two mails each may pass the cap by what they hold, and by nothing more.
    const words = async (): Promise<string> => (await cli.run('rollout', 'status', plan.id)).stdout;
    await expect.poll(words, { timeout: 60_000 }).toContain(`the mail server still holds ${cap} of our mails, its cap`);
    await untilDrained(world, plan.id, 20_000);
    const { all } = await mailQueue();
    expect(all).toBeGreaterThanOrEqual(cap);
    expect(all).toBeLessThanOrEqual(cap + 8);
    await expect
      .poll(words, { timeout: 20_000 })
      .toMatch(new RegExp(`${all} handed over, may still be in the provider's queue \\(at most`));
    expect(await words()).toMatch(
      /queue of \S+: \d+ waiting, \d+ put off, 0 on hold, 0 of others, as of 20\S+Z; cap 8/,
    );
    expect(await doctorOfQueue()).toMatchObject({
      verdict: 'warn',
      seen: expect.stringContaining('(cap 8)') as string,
    });

    const halted = await cli.run('halt', plan.id, '--reason', 'people write');
    expect(halted).toMatchObject({ exit: 0 });
    expect(halted.stdout).toContain(`${all} handed over, may still be in the provider's queue`);
    expect(halted.stderr).toContain(`${all} of them on hold there since the halt: they go out when it is resumed`);
    expect(await mailQueue()).toEqual({ all, onHold: all });

    const next = await openSmtpSink({ port: relayPort });
    try {
      await postfix.flush();
      await world.services.haltRollout({ subject: plan.id, scope: 'all', reason: 'again', by: world.crew.author.id });
      await expect.poll(async () => (await mailQueue()).onHold).toBe(all);
      await postfix.flush();
      expect(next.wholeMessages()).toBe(0);
      const { stdout } = await cli.run('rollout', 'status', plan.id, '--json');
      expect(JSON.parse(stdout)).toMatchObject({ handedOver: { mails: all, onHold: all, withinHours: 120 } });

      await resumeByTwo(world, plan);
      await expect
        .poll(
          async () => {
            await postfix.flush();
            return next.taken.length;
          },
          { timeout: 60_000, interval: 200 },
        )
        .toBe(plan.total);
    } finally {
      await next.close();
    }
    expect(new Set(next.taken.map(({ to }) => to.join())).size).toBe(plan.total);
    expect(await mailQueue()).toEqual({ all: 0, onHold: 0 });
    await expect.poll(words, { timeout: 20_000 }).toMatch(/: 0 waiting, 0 put off, 0 on hold/);
    expect((await world.services.verifyLedger()).findings).toEqual([]);
    expect(await world.installation.metrics.scrape()).toMatch(/allclear_mail_queue\{place="waiting"\} 0/);
  }, 180_000);

  test('doctor says whether the queue can be looked into, and whether it takes orders', async () => {
    expect(await doctorOfQueue()).toMatchObject({
      verdict: 'ok',
      seen: expect.stringContaining('a halt can hold') as string,
    });
    expect(await doctorOfQueue({ mailQueueHold: 'no' })).toMatchObject({ verdict: 'warn' });
    expect(await doctorOfQueue({ mailQueueCommandDir: world.folder })).toMatchObject({
      verdict: 'fail',
      seen: expect.stringContaining('cannot be read: there is no') as string,
    });
    expect(await doctorOfQueue({ mailQueue: 'none' })).toMatchObject({
      verdict: 'ok',
      seen: expect.stringContaining('not known') as string,
    });
  }, 60_000);
});
