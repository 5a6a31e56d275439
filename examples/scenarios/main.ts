import { parseArgs } from 'node:util';
import { clock } from './clock.ts';
import { clockEdges } from './clock-edges.ts';
import { commitLost } from './commit-lost.ts';
import { coldCopy, failover } from './failover.ts';
import { falseDisputes } from './false-disputes.ts';
import { haltDeniedWorld, mostInFlight, runHaltDenied } from './halt-denied.ts';
import { haltstorm } from './haltstorm.ts';
import { hawaii2018, hawaii2018Over } from './hawaii-2018.ts';
import { killstorm } from './killstorm.ts';
import type { Replay } from './replay.ts';
import { firstSeed } from './rig.ts';
import type { Rig } from './rig.ts';
import { runRig } from './run-rig.ts';
import { smtpTorture } from './smtp-torture.ts';
import { syscallSweep } from './syscall-sweep.ts';
import { twitter2012 } from './twitter-2012.ts';
import { replayBans2013 } from './twitter-2013-bans.ts';
import { replayTwitter2014 } from './twitter-2014.ts';
import { openWorld } from './world.ts';
import { wrongReversal } from './wrong-reversal.ts';
import { zombie } from './zombie.ts';

const haltDenials = ['row-locked', 'flooded', 'worker-stopped', 'server-stopped', 'database-hangs'] as const;

const replays: Readonly<Record<string, Replay>> = {
  'twitter-2014': {
    world: {},
    async run(world, say) {
      const { counts, findings } = await replayTwitter2014(world, say);
      return { counts: { ...counts }, findings };
    },
  },
  'twitter-2013-bans': {
    world: {},
    async run(world, say) {
      const { counts, findings } = await replayBans2013(world, say);
      return { counts: { ...counts }, findings };
    },
  },
  'twitter-2012': twitter2012,
  'hawaii-2018': hawaii2018,
  'false-disputes': falseDisputes,
  'wrong-reversal': wrongReversal,
  // A budget of 10 % has to have room for its 10,000 recipients.
  haltdos: {
    world: haltDeniedWorld,
    async run(world, say) {
      // Last, and left out here: the database killed for good, after which no ledger can be verified.
      const results = await runHaltDenied(world, haltDenials, say);
      const findings = results
        .filter((one) => one.mailsAfter > mostInFlight || one.isHalted !== true)
        .map((one) => `${one.denial}: ${one.mailsAfter} mails after the halt`);
      return { counts: { halts: results.length, wrong: findings.length }, findings };
    },
  },
  'hawaii-2018-full': hawaii2018Over(10_000, { size: 120_000 }),
};

const rigs: Readonly<Record<string, Rig>> = {
  'commit-lost': commitLost,
  killstorm,
  zombie,
  haltstorm,
  clock,
  'clock-edges': clockEdges,
  failover,
  'cold-copy': coldCopy,
  'syscall-sweep': syscallSweep,
  'smtp-torture': smtpTorture,
};

/**
 * `node examples/scenarios/main.ts NAME`: replays an accident in a world of its own, tells each step on a line, and
 * prints the counts as one JSON object at the end. Exit 0: the world is as it has to be; 1: it is not. A rig takes
 * `--seed`, `--planted` and how often it does its worst (`--kills 10000`), in as many worlds as that takes.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(firstSeed) },
    planted: { type: 'string' },
    ...Object.fromEntries(Object.values(rigs).map(({ counted }) => [counted, { type: 'string' as const }])),
  },
});
const [scenario = ''] = positionals;
const startedAt = performance.now();
const say = (line: string): void =>
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)} s  ${line}`);

const rig = Object.hasOwn(rigs, scenario) ? rigs[scenario] : undefined;
const replay = Object.hasOwn(replays, scenario) ? replays[scenario] : undefined;
if (rig !== undefined) {
  const { planted = null, seed } = values;
  if (planted !== null && !rig.planted.includes(planted)) {
    console.error(`${scenario} has these faults to plant: ${rig.planted.join(', ')}`);
    process.exit(2);
  }
  const times = Number((values as Readonly<Record<string, unknown>>)[rig.counted] ?? rig.perWorld);
  const isSound = await runRig(rig, { times, seed: Number(seed), planted }, say);
  process.exitCode = isSound ? 0 : 1;
} else if (replay !== undefined) {
  await replayOnce(replay);
} else {
  console.error(
    `usage: node examples/scenarios/main.ts ${[...Object.keys(replays), ...Object.keys(rigs)].join(' | ')}`,
  );
  process.exitCode = 2;
}

async function replayOnce(one: Replay): Promise<void> {
  say('A Postgres, a Chirp, a mailbox and an Allclear of their own come up.');
  const world = await openWorld(one.world);
  try {
    say(`Chirp has ${world.chirp.truth.people.length.toLocaleString('en')} accounts.`);
    const { counts, findings } = await one.run(world, say);
    for (const finding of findings.slice(0, 20)) say(`WRONG  ${finding}`);
    const ledger = await world.services.verifyLedger();
    say(`The ledger: ${ledger.whole ? 'whole' : 'NOT whole'}, ${ledger.rangesChecked} ranges of outcomes checked.`);
    console.log(JSON.stringify(counts));
    process.exitCode = counts.wrong === 0 && ledger.whole ? 0 : 1;
  } finally {
    await world.close();
  }
}
