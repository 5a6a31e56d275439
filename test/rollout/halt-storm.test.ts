import { expect, test } from 'vitest';
import { settlePermit } from '../../src/app/rollout/settle-permit.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import type { TakenPermit } from '../../src/app/rollout/take-permit.ts';
import { containOutcomeCodes } from '../../src/domain/action/contain-outcome.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const oneWave = { order: 'contain-first', containWaveSizes: [1_000], tellWaveSizes: [1_000] } as const;

test('after a halt has committed nothing is claimed: 8 takers, 64 halts at random moments, by ledger and by rows', async () => {
  const storm = await openWorld();
  const rounds = 64;
  let random = 2014;
  const next = (below: number): number => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return random % below;
  };
  const { plan, rolloutNo } = await storm.startedPlan(storm.addHolders(200), { ...oneWave, smallPermitSize: 1 });
  await storm.advance(rolloutNo);
  let stopping = false;
  const mine: TakenPermit[] = [];
  const takers = Array.from({ length: 8 }, async (_, worker) => {
    // What is asked beside the lock is not in question here, and takes most of the time.
    const deps = storm.runDeps({
      worker: { id: `worker_${worker}`, host: 'here' },
      objection: () => Promise.resolve(null),
    });
    while (!stopping) {
      const taken = await takePermit(deps, rolloutNo, 'contain');
      if (taken.kind !== 'permit') {
        await storm.pool.query('SELECT pg_sleep(0.001)');
        continue;
      }
      mine.push(taken);
      // Released at once: the same few ranges go round and round.
      const outcome = taken.permit.outcome.map(() => containOutcomeCodes.released);
      await settlePermit(deps, taken.permit, taken.limits, { outcome, notes: [], peerAway: false });
    }
  });
  try {
    for (let round = 0; round < rounds; round += 1) {
      if (round % 16 === 0) await storm.hearSensor();
      const target = mine.length + 1 + next(5);
      while (mine.length < target) await storm.pool.query('SELECT pg_sleep(0.001)');
      const result = await storm.halt(plan.id, 'contain');
      expect(result.rollouts[0]?.halted).toEqual(['contain']);
      // Whatever was taken by now carries the epoch that ended, and nothing more comes.
      const claimed = mine.length;
      const { epoch } = await storm.track(rolloutNo, 'contain');
      for (let look = 0; look < 3; look += 1) {
        const open = (await storm.permits(rolloutNo, 'contain')).filter((permit) => permit.epoch >= epoch);
        expect(open).toEqual([]);
      }
      expect(mine.length - claimed).toBeLessThanOrEqual(8);
      // As a resume would, without its two people: what is proved here is the halt.
      await storm.store.transact((tx) => tx.rollouts.resumeTracks(rolloutNo, ['contain']));
    }
  } finally {
    stopping = true;
    await Promise.all(takers);
  }

  // The ledger's own order: each chain is written under one lock, and its times are the database's.
  const { rows } = await storm.pool.query<{ event: string; body: string; seq: number; at: string; xmin: string }>(
    `SELECT event, body, seq, at::text AS at, xmin::text AS xmin FROM ledger_entry
     WHERE event IN ('permit.taken', 'rollout.halted') ORDER BY at, chain, seq`,
  );
  const halts = rows.filter((row) => row.event === 'rollout.halted');
  const taken = rows.filter((row) => row.event === 'permit.taken');
  expect(halts).toHaveLength(rounds);
  expect(taken.length).toBeGreaterThanOrEqual(rounds);
  for (const halt of halts) {
    const { tracks } = JSON.parse(halt.body) as { tracks: { track: string; epoch: number }[] };
    const newEpoch = tracks[0]?.epoch ?? 0;
    for (const entry of taken) {
      const body = JSON.parse(entry.body) as { epoch: number };
      // A permit of the epoch that ended was written down before the halt was.
      if (body.epoch < newEpoch) expect(entry.at <= halt.at).toBe(true);
    }
  }
  // Within the rollout's own chain epochs only grow.
  const epochs = taken
    .toSorted((a, b) => a.seq - b.seq)
    .map((row) => (JSON.parse(row.body) as { epoch: number }).epoch);
  expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
  expect(await storm.verifyLedger()).toMatchObject({ whole: true });
  await storm.close();
});
