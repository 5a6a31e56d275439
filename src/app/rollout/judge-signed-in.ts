import { judgeRecoveries } from '../../domain/guardrail/judge-recoveries.ts';
import type { RecoveryVerdict } from '../../domain/guardrail/judge-recoveries.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import type { GateVerdict } from '../../domain/rollout/decide-next-step.ts';
import { aboutHowLong } from '../../domain/shared/duration-in-words.ts';
import type { SignInCount, TakenSignInCount } from '../ports/control-store.ts';
import type { Tx } from '../ports/store.ts';

const gate = 'recoveries';

/** One look at a wave, and what the gate says of it; both null until it was counted. */
export interface JudgedCount extends SignInCount {
  readonly verdict: RecoveryVerdict | null;
}

/** Who of a plan's waves came back, beside the control group. */
export interface SignInStatus {
  /** Places in the control group; 0 where there is none, and `notMeasured` says why. */
  readonly control: number;
  readonly notMeasured: string | null;
  /** A wave with surely less than this share of the control group's rate holds the next. */
  readonly shareLeast: number;
  readonly counts: readonly JudgedCount[];
}

/** Null for a plan that was frozen before there were control groups. */
export async function readSignIns(tx: Tx, { id, header }: FrozenPlan): Promise<SignInStatus | null> {
  const { limits, control } = header;
  if (limits.signInShareLeast === undefined) return null;
  return {
    control: control?.total ?? 0,
    notMeasured: control === undefined ? noGroup : null,
    shareLeast: limits.signInShareLeast,
    counts: (await tx.controls.counts(id)).map((count) => judged(count, limits)),
  };
}

const noGroup =
  'the plan has no control group: the directory did not say when anybody signed in, or no unaffected account is like its people';

/**
 * The gate on recoveries: the newest count of each wave. It holds and never halts; without a group, or before the first count,
 * nothing is measured, and that holds nothing. None for a plan that was frozen before there were control groups.
 */
export async function judgeSignedIn(tx: Tx, { id, header }: FrozenPlan): Promise<readonly GateVerdict[]> {
  const { limits, control } = header;
  if (limits.signInShareLeast === undefined) return [];
  if (control === undefined) return [{ gate, result: 'pass', reason: `not measured: ${noGroup}` }];
  const counts = await tx.controls.counts(id);
  const byWave = new Map(counts.flatMap((one) => (one.taken === null ? [] : [[one.wave, one] as const])));
  const newest = [...byWave.values()].map((one) => judged(one, limits));
  const worst = newest.find(({ verdict }) => verdict?.kind === 'hold') ?? newest.at(-1);
  if (worst?.verdict == null || worst.taken === null)
    return [{ gate, result: 'pass', reason: `not measured yet: ${firstCountInWords(counts)}` }];
  const reason = inWords(worst, worst.taken, worst.verdict);
  if (worst.verdict.kind === 'pass') return [{ gate, result: 'pass', reason }];
  const short = newest.reduce((sum, { verdict }) => sum + (verdict?.kind === 'hold' ? verdict.short : 0), 0);
  return [
    {
      gate,
      result: 'inconclusive',
      reason: `${reason}; find out what keeps them out before you go on`,
      cause: { word: 'fewer-back', count: short },
    },
  ];
}

function judged(count: SignInCount, limits: PlanLimits): JudgedCount {
  const { taken } = count;
  if (taken === null) return { ...count, verdict: null };
  const looks = limits.signInAgesSeconds?.length ?? 1;
  return { ...count, verdict: judgeRecoveries(taken, { signInShareLeast: limits.signInShareLeast ?? 0, looks }) };
}

function firstCountInWords(counts: readonly SignInCount[]): string {
  const [next] = counts.filter(({ readAt }) => readAt === null).toSorted((a, b) => +a.dueAt - +b.dueAt);
  return next === undefined
    ? 'people are counted some time after the notices of their wave'
    : `wave ${next.wave} is due to be counted at ${next.dueAt.toISOString()}`;
}

function inWords(count: SignInCount, taken: TakenSignInCount, { reason, power }: RecoveryVerdict): string {
  const { people, signedIn, control, controlSignedIn } = taken;
  const seen =
    `wave ${count.wave}, ${aboutHowLong(count.ageSeconds)} after its notices: ${signedIn} of ${people} signed in again ` +
    `(${share(signedIn, people)}), ${controlSignedIn} of ${control} of the control group (${share(controlSignedIn, control)})`;
  if (reason === 'tally-impossible') return `the counts cannot be; ${seen}`;
  if (power.holdsAtMost === null || power.smallestGapCaught === null)
    return `${seen}; with so few this says nothing yet`;
  return `${seen}; holds at ${power.holdsAtMost} or fewer, and would have caught a gap of ${points(power.smallestGapCaught)} points or more`;
}

function share(count: number, of: number): string {
  return of === 0 ? 'nobody' : `${points(count / of)} %`;
}

function points(rate: number): string {
  return (rate * 100).toFixed(1);
}
