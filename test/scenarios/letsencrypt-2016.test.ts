import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../examples/chirp/population/ground-truth.ts';
import {
  approvedPlan,
  importObserved,
  plainPeople,
  tracksOf,
  untilDrained,
  untilPhase,
} from '../../examples/scenarios/campaign.ts';
import { lettersOf } from '../../examples/scenarios/check-world.ts';
import { shortWaves } from '../../examples/scenarios/replay.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import type { CompileMessage, PersonalPart } from '../../src/app/ports/message-compiler.ts';
import type { RunningWorker } from '../../src/main/run-worker.ts';

/** Waves of 10, 50 and the rest; 90 people. */
const recipients = 90;
const firstWave = 10;
let world: World;
let worker: RunningWorker;

beforeAll(async () => {
  world = await openWorld({ keep: 450, hasWorker: false, settings: shortWaves });
});

afterAll(() => world.close());
afterEach(() => worker.stop());

/** The accident: one object is used for all mails, and what was of earlier readers stays in it. */
function reusing(leftOver: (person: PersonalPart) => string): CompileMessage {
  const earlier: string[] = [];
  return async (template) => {
    const message = await compileMessage({ ...template, text: [...template.text, { slot: 'earlier', type: 'text' }] });
    return {
      build(person) {
        const content = message.build({ ...person, slots: { ...person.slots, earlier: earlier.join(' ') } });
        earlier.push(leftOver(person));
        return content;
      },
    };
  };
}

/** One language, so that any two mails can be compared. */
function english(of: World): readonly Person[] {
  return plainPeople(of, 2016).filter((person) => person.language === 'en');
}

async function tellUntilHalted(faulty: CompileMessage, from: number, rule: string): Promise<readonly string[]> {
  const batch = await importObserved(world, english(world).slice(from, from + recipients), rule);
  const plan = await approvedPlan(world, [batch], { budget: 'attack' });
  worker = world.startWorker({ compileMessage: faulty });
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  await untilPhase(world, plan.id, ['contain', 'tell'], ['halted'], 60_000);
  await untilDrained(world, plan.id, 30_000);
  const tracks = await tracksOf(world, plan.id);
  expect(tracks.map((track) => track.haltedBy)).toEqual(['gate', 'gate']);
  expect(tracks.find((track) => track.track === 'tell')?.wavesOpened).toBe(1);
  return tracks.flatMap((track) => track.reasons);
}

test('a mailer that appends earlier recipients is halted in its first wave, and nobody is shown another’s address', async () => {
  const reasons = await tellUntilHalted(
    reusing((person) => person.to),
    0,
    'first-rule',
  );
  expect(reasons[0]).toContain('address of somebody else');
  expect(lettersOf(world, 'notice')).toBeLessThan(firstWave);
  const everyone = world.chirp.truth.people.map((person) => person.address);
  for (const mail of world.mailbox.all()) {
    const text = mail.raw.toString('latin1').replaceAll('=\r\n', '').replaceAll('=40', '@');
    const others = everyone.filter((address) => !mail.to.includes(address));
    expect(others.filter((address) => text.includes(address))).toEqual([]);
  }
});

test('mails that grow without an address in them are found in the first wave, and the second never opens', async () => {
  const told = lettersOf(world, 'notice');
  const reasons = await tellUntilHalted(
    reusing((person) => `what was for the reader of ${person.noticeNumber}, `.repeat(2)),
    recipients,
    'second-rule',
  );
  expect(reasons[0]).toContain('in the mail of another');
  expect(lettersOf(world, 'notice')).toBeLessThanOrEqual(told + firstWave);
});
