import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedPlan, importObserved, plainPeople } from '../../examples/scenarios/campaign.ts';
import { startProcess } from '../../examples/scenarios/processes.ts';
import { untilFinished } from '../../examples/scenarios/resume-2021.ts';
import { rigWaves } from '../../examples/scenarios/rig-waves.ts';
import { untilMails } from '../../examples/scenarios/until-mails.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { startDotTap } from './dot-tap.ts';
import type { DotTap } from './dot-tap.ts';
import { mostInAnyWindow } from './simulated-world.ts';

const people = 70;
const perSecond = 20;
let tap: DotTap;
let world: World;

beforeAll(async () => {
  tap = await startDotTap();
  world = await openWorld({
    isServed: false,
    isDurable: true,
    keep: 400,
    settings: {
      ...rigWaves,
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_PERMIT_SIZE: '20',
      ALLCLEAR_MAIL_RATE: `${perSecond}/s`,
      SMTP_URL: `smtp://127.0.0.1:${tap.port}`,
    },
  });
  tap.to(world.mailbox.smtpPort);
}, 120_000);

afterAll(async () => {
  await world.close();
  await tap.stop();
});

test('two workers, one of them killed on the way, never send more than a second allows, and everybody gets one mail', async () => {
  const chosen = plainPeople(world, 5).slice(0, people);
  const batch = await importObserved(world, chosen, 'session-in-a-dump');
  const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
  const running = [await startProcess('server', world.env), await startProcess('worker', world.env)];
  const victim = await startProcess('worker', world.env);
  try {
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    expect(await untilMails(world, 25, 30_000)).toBe(true);
    await victim.kill();
    running.push(await startProcess('worker', world.env));
    await untilFinished(world, plan.id, 60_000);
  } finally {
    await victim.kill();
    for (const one of running) await one.kill();
  }
  const told = world.mailbox.all().map((mail) => mail.to[0] ?? '');
  expect(new Set(told).size).toBe(told.length);
  // What the killed worker had under way may be unknown: nobody is told twice for it.
  expect(told.length).toBeGreaterThan(people - 10);
  expect(tap.dotsAtMs.length).toBeGreaterThanOrEqual(told.length);
  // Two dots that were noted so close to each other came by within a second, however late each was noted.
  const provedSeconds = 1 - tap.worstLagMs() / 1_000;
  const dots = tap.dotsAtMs.map((atMs) => ({ atMs, domain: '', track: 'tell' as const }));
  expect(mostInAnyWindow(dots, Math.max(0, provedSeconds))).toBeLessThanOrEqual(perSecond * 0.8);
}, 120_000);
