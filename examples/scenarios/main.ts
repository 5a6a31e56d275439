import { replayTwitter2014 } from './twitter-2014.ts';
import { openWorld } from './world.ts';

/**
 * `node examples/scenarios/main.ts twitter-2014`: replays an accident in a world of its own, tells each step on a line,
 * and prints the counts as one JSON object at the end. Exit 0: the world is as it has to be; 1: it is not.
 */
const [scenario] = process.argv.slice(2);
if (scenario !== 'twitter-2014') {
  console.error('usage: node examples/scenarios/main.ts twitter-2014');
  process.exit(2);
}

const startedAt = performance.now();
const say = (line: string): void =>
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)} s  ${line}`);

say('A Postgres, a Chirp with 12,000 accounts, a mailbox and an Allclear of their own come up.');
const world = await openWorld();
try {
  const { counts, findings } = await replayTwitter2014(world, say);
  for (const finding of findings.slice(0, 20)) say(`WRONG  ${finding}`);
  const ledger = await world.services.verifyLedger();
  say(`The ledger: ${ledger.whole ? 'whole' : 'NOT whole'}, ${ledger.rangesChecked} ranges of outcomes checked.`);
  console.log(JSON.stringify(counts));
  process.exitCode = counts.wrong === 0 && ledger.whole ? 0 : 1;
} finally {
  await world.close();
}
