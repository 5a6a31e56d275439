import { makeLogger } from '../adapters/log/logger.ts';
import { loadConfig } from '../config/load-config.ts';
import { Failure } from '../domain/shared/failure.ts';
import { makeAskWho } from './drill/ask-who.ts';
import type { DrillAnswer, DrillOrder, DrillWord } from './drill/drill-words.ts';
import { openDrillWorld } from './drill/drill-world.ts';
import { runCampaign } from './drill/run-campaign.ts';
import { logCrashes } from './log-crashes.ts';

/** A drill, in a process of its own: the server that began it gives it people and settings, and no address of anything live. */
/** So slowly the mailbox answers until somebody halts, that there is time to find the halt. */
const slowReplyMs = 3_000;

const { config } = loadConfig({ env: process.env, flags: {}, cwd: process.cwd() });
const log = makeLogger({ name: 'drill', level: config.logLevel });
logCrashes(log);
// Without the server nobody could halt it, and nobody would record how it ended.
process.once('disconnect', () => process.exit(1));
const who = makeAskWho(say);
const order = await new Promise<DrillOrder>((resolve) =>
  process.on('message', (sent) => {
    const answer = sent as DrillAnswer;
    if (answer.kind === 'order') resolve(answer.order);
    else who.hear(answer);
  }),
);
let replyAfterMs = slowReplyMs;
const world = await openDrillWorld(config, log, order, who, {
  smtpPort: smtpPortOf(config.smtpUrl),
  replyAfterMs: () => replyAfterMs,
});
try {
  await say({ kind: 'listening', url: world.url });
  const report = await runCampaign(
    world,
    (progress) => void say({ kind: 'progress', progress }),
    () => (replyAfterMs = 0),
  );
  await say({ kind: 'ended', report });
} finally {
  await world.close();
}
process.exit(0);

function say(word: DrillWord): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined)
      reject(new Failure('local-only', 'A drill is begun by the server: allclear drill begin'));
    else process.send(word, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

function smtpPortOf(url: string | null): number {
  return Number(new URL(url ?? '').port);
}
