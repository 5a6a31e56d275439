import { expect, test } from 'vitest';
import { replayTwitter2014 } from '../../examples/scenarios/twitter-2014.ts';
import { openWorld } from '../../examples/scenarios/world.ts';

test('a wrong rule, approved and running, is halted by its first readers, and everyone wrongly hit is put right', async () => {
  const world = await openWorld();
  try {
    const { counts, findings } = await replayTwitter2014(world, () => undefined);
    expect(findings).toEqual([]);
    expect(counts.wrong).toBe(0);
    // Halted before the end: the plan reaches more people than were told.
    expect(counts.told).toBeLessThan(900);
    expect(counts.told).toBeGreaterThanOrEqual(10);
    expect(counts.corrected).toBeGreaterThan(counts.told / 2);
    expect(counts.kept).toBeGreaterThan(0);
    const ledger = await world.services.verifyLedger();
    expect(ledger.findings).toEqual([]);
    expect(ledger.rangesChecked).toBeGreaterThan(10);
  } finally {
    await world.close();
  }
});
