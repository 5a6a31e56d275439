import { binomialTail, hitsToExceed, lowerRateBound, smallestRate } from './binomial.ts';

/** What came back of the mails told so far. Each person counts once. */
export interface FeedbackTally {
  /** Mails that a server took, may have taken, or refused. */
  readonly handed: number;
  /** Of these, refused or returned for their address. */
  readonly bounced: number;
  /** Of these, refused or returned because of what we are or send: the address may well be right. */
  readonly refusedByPolicy: number;
  /** Reported as unwanted. */
  readonly complained: number;
  /** `none`: nothing takes bounces and complaints. `silent`: something should, and was not heard of. */
  readonly channel: 'none' | 'alive' | 'silent';
}

export interface FeedbackLimits {
  /** Pause when surely more than this share bounced ... */
  readonly bounceCeiling: number;
  /** ... or was reported as unwanted. */
  readonly complaintCeiling: number;
}

/** What a gate on a share could have seen at all, stated with every verdict. */
export interface SharePower {
  readonly of: number;
  /** The gate fails at this many of `of`; null when not even all of them would make it fail. */
  readonly hitsToFail: number | null;
  /** The smallest true share that fails the gate in nine of ten cases; null where none does. */
  readonly smallestShareCaught: number | null;
}

export interface ShareVerdict {
  readonly kind: 'pass' | 'fail' | 'inconclusive';
  readonly reason: 'within' | 'too-many' | 'refused-by-policy' | 'channel-silent' | 'not-heard' | 'tally-impossible';
  /** One-sided 95 % lower bound of the share. */
  readonly shareAtLeast: number;
  readonly power: SharePower;
}

const CONFIDENCE = 0.95;
const POWER = 0.9;

/**
 * Judges whether the plan's addresses are those of people. Refusals in the dialogue are heard without any channel, so its
 * absence does not hold; a channel that should speak and is silent does. Refusals of policy are no word about addresses:
 * above the same ceiling they hold, for then nobody is told, and each further mail makes it worse.
 */
export function judgeBounces(tally: FeedbackTally, limits: FeedbackLimits): ShareVerdict {
  const { handed, bounced, refusedByPolicy, channel } = tally;
  const judged = judgeShare(bounced, handed, limits.bounceCeiling);
  if (judged.kind !== 'pass') return judged;
  const byPolicy = judgeShare(refusedByPolicy, handed, limits.bounceCeiling);
  if (byPolicy.kind !== 'pass') return { ...byPolicy, kind: 'inconclusive', reason: 'refused-by-policy' };
  return channel === 'silent' ? { ...judged, kind: 'inconclusive', reason: 'channel-silent' } : judged;
}

/** Judges whether readers report the notices as unwanted. Without a channel nobody can: then it passes, and says so. */
export function judgeComplaints(tally: FeedbackTally, limits: FeedbackLimits): ShareVerdict {
  const judged = judgeShare(tally.complained, tally.handed, limits.complaintCeiling);
  if (judged.kind !== 'pass' || tally.channel === 'alive') return judged;
  return tally.channel === 'none'
    ? { ...judged, reason: 'not-heard' }
    : { ...judged, kind: 'inconclusive', reason: 'channel-silent' };
}

function judgeShare(hits: number, of: number, ceiling: number): ShareVerdict {
  const isCount = [hits, of].every((count) => Number.isSafeInteger(count) && count >= 0) && hits <= of;
  if (!isCount) {
    const power = { of: 0, hitsToFail: null, smallestShareCaught: null };
    return { kind: 'inconclusive', reason: 'tally-impossible', shareAtLeast: 0, power };
  }
  const power = powerOf(of, ceiling);
  const shareAtLeast = lowerRateBound(hits, of, CONFIDENCE);
  return shareAtLeast > ceiling
    ? { kind: 'fail', reason: 'too-many', shareAtLeast, power }
    : { kind: 'pass', reason: 'within', shareAtLeast, power };
}

function powerOf(of: number, ceiling: number): SharePower {
  const needed = hitsToExceed(of, ceiling, CONFIDENCE);
  if (needed === null) return { of, hitsToFail: null, smallestShareCaught: null };
  return {
    of,
    hitsToFail: needed,
    smallestShareCaught: smallestRate((share) => binomialTail(needed, of, share) >= POWER),
  };
}
