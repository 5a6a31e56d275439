import { beforeAll, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { makeApprovalWatch } from '../../src/app/approval/approval-watch.ts';
import type { ApprovalWatch } from '../../src/app/approval/approval-watch.ts';
import { checkQuorum } from '../../src/app/approval/check-quorum.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const minuteMs = 60_000;
/** `sayYes` signs for an hour. */
const hour = 60;
let world: RolloutWorld;
let plan: FrozenPlan;
let passed = 0;

beforeAll(async () => {
  world = await openWorld();
  plan = await world.draft([await world.addBatch(world.addHolders(3))]);
  await world.approve(plan);
  return () => world.close();
});

function watcher(): ApprovalWatch {
  return makeApprovalWatch({ monotonicMs: () => passed * minuteMs });
}

/** Whether two approvals hold when so many minutes have truly passed, and the database's clock is set wrong by so many more. */
async function holds(watch: ApprovalWatch, minutes: number, setAhead = 0): Promise<boolean> {
  passed = minutes;
  const quorum = await world.store.transact((tx) =>
    checkQuorum(
      { digests, signatures, deploymentId: world.deploymentId, watch },
      {
        ...tx,
        approvals: {
          ...tx.approvals,
          now: async () => new Date((await tx.approvals.now()).getTime() + (minutes + setAhead) * minuteMs),
        },
      },
      { subject: plan.id, digest: plan.digest, decision: 'approve', required: 2, author: world.author.id },
    ),
  );
  return quorum.kind === 'met';
}

test('an approval ends when its time is over, however far back the clock of the database is set', async () => {
  const watch = watcher();
  expect(await holds(watch, 0)).toBe(true);
  expect(await holds(watch, hour - 2)).toBe(true);
  expect(await holds(watch, hour - 2, -30)).toBe(true);
  for (const minutes of [hour, hour + 1, 3 * hour]) expect(await holds(watch, minutes, -minutes)).toBe(false);
  // What the clock alone would say, and a process that begins under it believes.
  expect(await holds(watcher(), hour + 1, -30)).toBe(true);
});

test('a clock that is ahead for a moment ends an approval early, and never for longer than it was ahead', async () => {
  const watch = watcher();
  expect(await holds(watch, 0)).toBe(true);
  expect(await holds(watch, 1, 10)).toBe(true);
  expect(await holds(watch, 2, 2 * hour)).toBe(false);
  expect(await holds(watch, 3)).toBe(true);
  expect(await holds(watch, hour - 12)).toBe(true);
  expect(await holds(watch, hour - 9)).toBe(false);
});
