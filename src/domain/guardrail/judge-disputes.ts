import { binomialTail, hitsToExceed, lowerRateBound, smallestRate } from './binomial.ts';

/** What readers of the notices told so far have answered. Each person counts once. */
export interface DisputeTally {
  /** People whose notice was handed over. */
  readonly told: number;
  /** Of these, holders who said "this is not right". Scanners are left out already: see domain/notice/dispute.ts. */
  readonly disputes: number;
  /** Presses by the service's own people, who know for certain that nothing happened to their account. */
  readonly canaryDisputes: number;
  readonly staffDisputes: number;
  /** Whether the page that takes disputes was reached by our own probe, and answered, since the wave was sent. */
  readonly sensorAlive: boolean;
}

export interface DisputeLimits {
  /** Disputes per person told when a plan is right: measured by the service, 0.005 until then. */
  readonly baselineRate: number;
  /** Pause when the true rate is above this many times the baseline ... */
  readonly baselineFactor: number;
  /** ... or above this, whichever is less. */
  readonly rateMax: number;
  /** Of people told wrongly, the share that presses. Only the statement of power uses it, never the verdict. */
  readonly pressRateWhenWrong: number;
}

export const standardDisputeLimits: DisputeLimits = {
  baselineRate: 0.005,
  baselineFactor: 2,
  rateMax: 0.01,
  pressRateWhenWrong: 0.03,
};

/** What the gate could have seen at all, stated with every verdict. */
export interface GatePower {
  readonly told: number;
  /** The gate fails at this many disputes of `told`; null when not even everyone's dispute would make it fail. */
  readonly disputesToFail: number | null;
  /**
   * The smallest share of wrongly told people that fails the gate in nine of ten cases, given how many of those press.
   * Null: not even a wholly wrong plan would, so this wave was a technical check and says nothing of the plan.
   */
  readonly smallestErrorRateCaught: number | null;
}

export type DisputeVerdict =
  | {
      readonly kind: 'fail';
      readonly reason: 'canary-disputed' | 'staff-disputed' | 'too-many-disputes';
      /** One-sided 95 % lower bound of the dispute rate. */
      readonly rateAtLeast: number;
      readonly power: GatePower;
    }
  | { readonly kind: 'pass'; readonly rateAtLeast: number; readonly power: GatePower }
  /** Holds like a fail, without saying that anything is wrong. */
  | {
      readonly kind: 'inconclusive';
      readonly reason: 'sensor-silent' | 'nobody-told' | 'tally-impossible';
      readonly power: GatePower;
    };

const CONFIDENCE = 0.95;
const POWER = 0.9;

/**
 * Judges whether readers say that the plan is wrong. A bad sign counts whatever the sensor's health; quiet counts only
 * while the sensor is known to hear. A pass says what it could not have seen: with few people told, nearly everything.
 */
export function judgeDisputes(tally: DisputeTally, limits: DisputeLimits = standardDisputeLimits): DisputeVerdict {
  const { told, disputes } = tally;
  const counts = [told, disputes, tally.canaryDisputes, tally.staffDisputes];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) {
    return { kind: 'inconclusive', reason: 'tally-impossible', power: powerOf(0, limits) };
  }
  const power = powerOf(told, limits);
  const rateAtLeast = disputes <= told && told > 0 ? lowerRateBound(disputes, told, CONFIDENCE) : 0;
  if (tally.canaryDisputes > 0) return { kind: 'fail', reason: 'canary-disputed', rateAtLeast, power };
  if (tally.staffDisputes > 0) return { kind: 'fail', reason: 'staff-disputed', rateAtLeast, power };
  if (disputes > told) return { kind: 'inconclusive', reason: 'tally-impossible', power };
  if (rateAtLeast > rateThreshold(limits)) return { kind: 'fail', reason: 'too-many-disputes', rateAtLeast, power };
  if (told === 0) return { kind: 'inconclusive', reason: 'nobody-told', power };
  if (!tally.sensorAlive) return { kind: 'inconclusive', reason: 'sensor-silent', power };
  return { kind: 'pass', rateAtLeast, power };
}

function rateThreshold(limits: DisputeLimits): number {
  return Math.min(limits.baselineFactor * limits.baselineRate, limits.rateMax);
}

function powerOf(told: number, limits: DisputeLimits): GatePower {
  const needed = hitsToExceed(told, rateThreshold(limits), CONFIDENCE);
  if (needed === null) return { told, disputesToFail: null, smallestErrorRateCaught: null };
  const caught = (errorRate: number): boolean => {
    const rate = errorRate * limits.pressRateWhenWrong + (1 - errorRate) * limits.baselineRate;
    return binomialTail(needed, told, Math.min(1, rate)) >= POWER;
  };
  return { told, disputesToFail: needed, smallestErrorRateCaught: caught(1) ? smallestRate(caught) : null };
}
