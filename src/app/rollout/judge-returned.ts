import { isAboutAddress } from '../../domain/notice/bounce-class.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import { judgeBounces, judgeComplaints } from '../../domain/guardrail/judge-feedback.ts';
import type { FeedbackTally, ShareVerdict } from '../../domain/guardrail/judge-feedback.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import type { GateVerdict } from '../../domain/rollout/decide-next-step.ts';
import type { RolloutRow } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';
import type { CountedTrack } from './tally-track.ts';

/** The sensor that counts what comes back: the server beats it while every channel that is configured can take a word. */
export const feedbackSensor = 'feedback';

/** A sensor heard within this many seconds counts as alive. */
const sensorAliveSeconds = 10;

/** The gates on bounces and complaints of a plan's notices. */
export async function judgeReturned(
  tx: Tx,
  rollout: RolloutRow,
  limits: PlanLimits,
  tally: CountedTrack,
  hasChannel: boolean,
): Promise<readonly GateVerdict[]> {
  const { accepted = 0, unknown = 0, complained = 0, bounced = 0, refused = 0 } = tally.counts;
  const classes = Object.entries(await tx.feedback.bounceClasses(rollout.no, 'tell')) as [BounceClass, number][];
  const sum = (of: (one: BounceClass) => boolean): number =>
    classes.reduce((total, [one, count]) => total + (of(one) ? count : 0), 0);
  const held = await tx.feedback.heldByPolicy(rollout.no, 'tell');
  const returned: FeedbackTally = {
    handed: accepted + unknown + complained + bounced + refused + held,
    bounced: sum(isAboutAddress),
    refusedByPolicy: sum((one) => one === 'policy') + held,
    complained,
    channel: await channelOf(tx, hasChannel),
  };
  return [
    bounceGate(returned, judgeBounces(returned, limits)),
    complaintGate(returned, judgeComplaints(returned, limits)),
  ];
}

async function channelOf(tx: Tx, hasChannel: boolean): Promise<FeedbackTally['channel']> {
  if (!hasChannel) return 'none';
  const age = await tx.rollouts.sensorAgeSeconds(feedbackSensor);
  return age !== null && age <= sensorAliveSeconds ? 'alive' : 'silent';
}

function bounceGate(tally: FeedbackTally, verdict: ShareVerdict): GateVerdict {
  const { handed, bounced, refusedByPolicy, channel } = tally;
  const heard =
    channel === 'none' ? '; only refusals in the SMTP dialogue are seen, no feedback channel is configured' : '';
  const policy =
    refusedByPolicy === 0
      ? ''
      : `; ${refusedByPolicy} more were refused for what we are or send, not for their address`;
  const reason = `${bounced} of ${handed} mails were refused or came back for their address${policy}; ${inPower(verdict)}${heard}`;
  return { gate: 'bounces', ...resultOf(verdict, reason, bounced, refusedByPolicy) };
}

function complaintGate(tally: FeedbackTally, verdict: ShareVerdict): GateVerdict {
  const { handed, complained } = tally;
  const reason =
    verdict.reason === 'not-heard'
      ? 'complaints are not seen: no feedback channel is configured'
      : `${complained} of ${handed} mails were reported as unwanted; ${inPower(verdict)}`;
  return { gate: 'complaints', ...resultOf(verdict, reason, complained, 0) };
}

function resultOf(
  { kind, reason }: ShareVerdict,
  words: string,
  hits: number,
  byPolicy: number,
): Omit<GateVerdict, 'gate'> {
  switch (reason) {
    case 'too-many':
      return { result: kind, reason: words, cause: { word: reason, count: hits } };
    case 'refused-by-policy':
      return { result: kind, reason: words, cause: { word: reason, count: byPolicy } };
    case 'channel-silent':
      return { result: kind, reason: `the feedback channel is silent; ${words}` };
    case 'tally-impossible':
      return { result: kind, reason: `the counts cannot be; ${words}` };
    case 'within':
    case 'not-heard':
      return { result: kind, reason: words };
  }
}

function inPower({ power: { of, hitsToFail, smallestShareCaught } }: ShareVerdict): string {
  if (hitsToFail === null || smallestShareCaught === null) return `with ${of} this says nothing yet`;
  return `fails from ${hitsToFail} on, and would have caught a share of ${(smallestShareCaught * 100).toPrecision(2)} % or more`;
}
