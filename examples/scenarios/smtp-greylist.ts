import { openSmtpSink } from '../../test/support/smtp-sink.ts';
import type { SinkRule } from '../../test/support/smtp-sink.ts';
import type { Person } from '../chirp/population/ground-truth.ts';
import { approvedPlan, importObserved } from './campaign.ts';
import { judgeMail, membersOf } from './mail-judge.ts';
import { asShown } from './observe-world.ts';
import { startProcess } from './processes.ts';
import { untilFinished } from './resume-2021.ts';
import type { World } from './world.ts';

/** A second try of the same sender counts from here on (RFC 6647 4.1: usually 300 s). */
const greylistMs = 300_000;
/** The wait, and what a busy machine adds to it. */
const finishMs = greylistMs + 180_000;
const mailed = 24;
/** All in the first wave: the next one waits for it, and would wait five minutes more for its own. */
const greylistedMessages = [0, 2, 3, 6];

/**
 * A mail server that sends some away at their first try. Each is tried again by the same sender, from the same address,
 * no earlier than five minutes later by the server's own clock. It takes these five minutes.
 */
export async function tryGreylist(
  world: World,
  people: readonly Person[],
  words: string,
): Promise<{ readonly greylisted: number; readonly mails: number; readonly findings: readonly string[] }> {
  const rules: SinkRule[] = greylistedMessages.map((message) => ({
    at: 'rcpt' as const,
    message,
    times: 1,
    say: words,
  }));
  const sink = await openSmtpSink({ rules });
  const batch = await importObserved(world, people.slice(0, mailed), 'session-in-a-dump-greylist');
  const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
  const env = { ...world.env, SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
  const running = [await startProcess('server', env)];
  try {
    running.push(await startProcess('worker', env));
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    await untilFinished(world, plan.id, finishMs);
  } finally {
    for (const one of running) await one.kill();
    await sink.close();
  }
  const seen = { arrived: sink.taken.flatMap(({ to }) => to).map(asShown), members: await membersOf(world, plan.id) };
  const findings = [...judgeMail(seen)];
  const tries = Map.groupBy(sink.recipients, ({ to }) => to);
  let greylisted = 0;
  for (const [first, second, ...more] of tries.values()) {
    if (first === undefined || second === undefined) continue;
    greylisted += 1;
    const waitedMs = second.at - first.at;
    if (waitedMs < greylistMs) findings.push(`a greylisted reader was tried again after ${waitedMs} ms`);
    if (second.from !== first.from || second.peer !== first.peer)
      findings.push('a greylisted reader was tried by another sender');
    if (more.length > 0) findings.push('a greylisted reader was tried three times');
  }
  if (greylisted !== rules.length)
    findings.push(`${greylisted} of ${rules.length} greylisted readers were tried again`);
  return { greylisted, mails: sink.taken.length, findings };
}
