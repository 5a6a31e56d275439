import { upperBound } from './rig.ts';
import type { Rig, Trials } from './rig.ts';
import { openWorld } from './world.ts';

/** A world in which fewer trials came about than it bears is followed by another; so many more than needed, and no more. */
const worldsOver = 2;

/**
 * Tries `times` times in as many worlds as that takes, and prints N, what was counted, and the upper bound. True where
 * the world was as it has to be; with a fault planted that is the failure.
 */
export async function runRig(rig: Rig, trials: Trials, say: (line: string) => void): Promise<boolean> {
  const totals: Record<string, number> = {};
  const most = Math.ceil(trials.times / rig.perWorld) * worldsOver;
  let wrong = 0;
  for (let round = 0; round < most && (totals[rig.counted] ?? 0) < trials.times; round += 1) {
    const seed = trials.seed + round;
    say(`World ${round + 1}, seed ${seed}.`);
    const world = await openWorld(rig.world(trials.planted));
    try {
      const times = Math.min(rig.perWorld, trials.times - (totals[rig.counted] ?? 0));
      const { counts, findings } = await rig.run(world, { ...trials, times, seed }, say);
      const ledger = await world.services.verifyLedger();
      for (const finding of [...findings, ...ledger.findings.map((one) => `the ledger: ${JSON.stringify(one)}`)].slice(
        0,
        20,
      ))
        say(`WRONG  ${finding}`);
      wrong += ledger.whole ? 0 : 1;
      for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
      say(`${JSON.stringify(counts)}; the ledger is ${ledger.whole ? 'whole' : 'NOT whole'}.`);
    } finally {
      await world.close();
    }
    // A planted fault that was found is found.
    if (trials.planted !== null && wrong + (totals['wrong'] ?? 0) > 0) break;
  }
  wrong += totals['wrong'] ?? 0;
  const trialsMade = totals[rig.counted] ?? 0;
  console.log(JSON.stringify({ ...totals, wrong, ...(wrong === 0 ? { below95: upperBound(trialsMade) } : {}) }));
  return wrong === 0;
}
