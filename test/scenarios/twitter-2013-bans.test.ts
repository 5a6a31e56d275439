import { expect, test } from 'vitest';
import { replayBans2013 } from '../../examples/scenarios/twitter-2013-bans.ts';
import { openWorld } from '../../examples/scenarios/world.ts';

test('a sweep with a wrong rule is halted by granted appeals, its victims are let back in and told, and the spammers stay out', async () => {
  const world = await openWorld();
  try {
    const { counts, findings } = await replayBans2013(world, () => undefined);
    expect(findings).toEqual([]);
    expect(counts.wrong).toBe(0);
    expect(counts.granted).toBeGreaterThanOrEqual(3);
    // Halted long before the end: most of those whom the rule named were never touched.
    expect(counts.suspendedAtHalt).toBeLessThan(120);
    // Who is in the first wave is drawn by lot: how many of each kind it met is not ours to expect, but nobody is left out.
    expect(counts.reinstated).toBeGreaterThanOrEqual(counts.granted + counts.corrected);
    expect(counts.reinstated + counts.keptSuspended).toBeGreaterThan(counts.granted);
    const ledger = await world.services.verifyLedger();
    expect(ledger.findings).toEqual([]);
  } finally {
    await world.close();
  }
});
