import { expect } from 'vitest';
import type { Replay, Replayed } from '../../examples/scenarios/replay.ts';
import { openWorld } from '../../examples/scenarios/world.ts';

/** Replays an accident in a world of its own; the ledger of that world is whole at the end, and its people are as due. */
export async function runReplay(replay: Replay): Promise<Replayed['counts']> {
  const world = await openWorld(replay.world);
  try {
    const { counts, findings } = await replay.run(world, () => undefined);
    expect(findings).toEqual([]);
    expect((await world.services.verifyLedger()).findings).toEqual([]);
    return counts;
  } finally {
    await world.close();
  }
}
