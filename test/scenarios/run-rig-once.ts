import { expect } from 'vitest';
import type { Replayed } from '../../examples/scenarios/replay.ts';
import type { Rig } from '../../examples/scenarios/rig.ts';
import { openWorld } from '../../examples/scenarios/world.ts';

/** The short form of a rig: one world. Nothing is wrong in it, its ledger is whole, and its judge saw each falsified copy. */
export async function runRigOnce(rig: Rig, times: number, seed: number): Promise<Replayed['counts']> {
  const world = await openWorld(rig.world(null));
  try {
    const { counts, findings } = await rig.run(world, { times, seed, planted: null }, () => undefined);
    expect(findings).toEqual([]);
    expect((await world.services.verifyLedger()).findings).toEqual([]);
    return counts;
  } finally {
    await world.close();
  }
}
