import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailKindsOf, readCredentials } from '../../examples/scenarios/observe-world.ts';
import { resumeSettings, runResume2021 } from '../../examples/scenarios/resume-2021.ts';
import type { ResumeReport } from '../../examples/scenarios/resume-2021.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { deliveryStateOf } from '../../src/domain/notice/delivery-state.ts';

const kills = 40;
let world: World;
let before: ReadonlyMap<string, string | null>;
let report: ResumeReport;
/** Delivery state of each person who was to be told, by address. */
let states: ReadonlyMap<string, string>;

beforeAll(async () => {
  world = await openWorld({ isServed: false, mailDelayMs: 250, settings: resumeSettings });
  before = await readCredentials(world.chirp.databaseUrl);
  report = await runResume2021(world, kills, 2021);
  states = await statesByAddress();
}, 300_000);

afterAll(async () => {
  await world.close();
});

test('the kills came while people were being told', () => {
  expect(report.kills).toBe(kills);
  expect(report.killsWhileRunning).toBeGreaterThan(kills / 2);
});

test('nobody is mailed twice and nobody outside the plan is mailed at all', () => {
  for (const person of world.chirp.truth.people) {
    const mails = mailKindsOf(world.mailbox, person.address).length;
    expect(mails, person.accountId).toBeLessThanOrEqual(states.has(person.address) ? 1 : 0);
  }
});

test('nobody is skipped: whoever got no mail is shown as unknown', () => {
  for (const [address, state] of states) {
    const mails = mailKindsOf(world.mailbox, address).length;
    expect(state === 'unknown' || (state === 'accepted' && mails === 1), `${state} with ${mails} mails`).toBe(true);
  }
  const delivered = world.mailbox.count();
  const accepted = [...states.values()].filter((state) => state === 'accepted').length;
  expect(delivered).toBeGreaterThanOrEqual(accepted);
  expect(delivered).toBeLessThanOrEqual(states.size);
});

test('a crash leaves at most the mails under way unknown', () => {
  const unknown = [...states.values()].filter((state) => state === 'unknown').length;
  expect(unknown).toBeLessThan(kills * 4);
});

test('every target is contained once, everyone else keeps the byte-same password', async () => {
  const after = await readCredentials(world.chirp.databaseUrl);
  const targets = await world.installation.store.transact((tx) => tx.plans.targets(report.plan.id, 0, 5_000));
  const quarantined = new Set(
    targets.filter((target) => target.effect === 'quarantine').map((target) => target.accountId),
  );
  for (const { accountId } of world.chirp.truth.people) {
    if (quarantined.has(accountId)) expect(after.get(accountId)).toMatch(/^allclear-q1\$/);
    else expect(after.get(accountId)).toBe(before.get(accountId));
  }
});

test('the ledger is whole', async () => {
  const verdict = await world.services.verifyLedger();
  expect(verdict.findings).toEqual([]);
  expect(verdict.rangesChecked).toBeGreaterThan(20);
});

async function statesByAddress(): Promise<ReadonlyMap<string, string>> {
  return world.installation.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find('plan', Number(report.plan.id.slice('plan_'.length)));
    const found = new Map<string, string>();
    for (const target of await tx.plans.targets(report.plan.id, 0, 5_000)) {
      if (target.tellOrdinal === null || target.address === null || rollout === null) continue;
      const permit = await tx.rollouts.permitAt(rollout.no, 'tell', target.tellOrdinal);
      const byte = permit?.outcome[target.tellOrdinal - permit.fromOrdinal] ?? 0;
      found.set(target.address, deliveryStateOf(byte));
    }
    return found;
  });
}
