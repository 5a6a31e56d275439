import type { RateLimit } from '../rate/rate-limit.ts';
import type { HolderHours } from './holder-hours.ts';

/** The limits that a plan is frozen with. They are part of its digest: a change afterwards is another plan. */
export interface PlanLimits {
  /** `standard`, or `sample` with short soaks; `sample` is refused outside an environment named `sample`. */
  readonly pace: 'standard' | 'sample';
  /** `small`: a shop. Waves of ten and then the rest, every target reviewed; refused above `smallPlanTargetsMax`. */
  readonly profile: 'standard' | 'small';
  /** Whose evidence each approver looks at before a yes counts: nobody's (the sample only), a drawn part, everybody's. */
  readonly review: 'none' | 'sampled' | 'all';
  /** Targets that each approver reviews of a large plan, and that both review together of a very large one. */
  readonly reviewClean: number;
  readonly reviewCleanLarge: number;
  /** Interlocked: no wave is contained before the one before it was told and judged. Contain-first: thieves are inside. */
  readonly order: 'interlocked' | 'contain-first';
  readonly tellWaveSizes: readonly number[];
  readonly tellSoakSeconds: readonly number[];
  readonly containWaveSizes: readonly number[];
  readonly containSoakSeconds: readonly number[];
  /** After the named sizes each wave is this many times the one before. */
  readonly growth: number;
  readonly largestWave: number;
  /** At most this share of those whom a plan tells is told in any hour, and never fewer than the floor. Absent: frozen before. */
  readonly tellHourShare?: number;
  readonly tellHourFloor?: number;
  /** Large waves of notices reach people by day, where they live; null: at any hour. */
  readonly holderHours: HolderHours | null;
  /** What all mail may leave by when the plan was drafted: no wave is larger than what notices get of it in an hour. */
  readonly mailRate?: { readonly limits: readonly RateLimit[]; readonly reserve: number };
  /** A permit lends authority over at most this many recipients, in waves below `smallWaveBelow` the smaller number. */
  readonly permitSize: number;
  readonly smallPermitSize: number;
  readonly smallWaveBelow: number;
  readonly permitSeconds: number;
  readonly smallPermitSeconds: number;
  /** A deferred mail is tried again at most this often, first after `retrySeconds`, then twice as long each time. */
  readonly maxAttempts: number;
  readonly retrySeconds: number;
  /** Restore without the holder's act is offered this long after containment. */
  readonly restoreHours: number;
  /** Contained and untold for longer than this is overdue. */
  readonly untoldHours: number;
  /** Sealed restore points are destroyed this many days after the last wave. */
  readonly keepDays: number;
  readonly budgetProfile: 'normal' | 'attack';
  /** Most accounts in any 24 hours and any 30 days, as shares of all; never less than the floor. */
  readonly budgetDayShare: number;
  readonly budgetMonthShare: number;
  readonly budgetAttackShare: number;
  readonly budgetFloor: number;
  /** Notices pause when disputes are surely above so many times the baseline, or above the ceiling. */
  readonly disputeBaseline: number;
  readonly disputeFactor: number;
  readonly disputeCeiling: number;
  /** Notices pause when surely more than this share came back for their address, or was reported as unwanted. */
  readonly bounceCeiling: number;
  readonly complaintCeiling: number;
  /** At most so many unaffected look-alikes are looked at beside the plan's people. Absent: frozen before there were any. */
  readonly controlMost?: number;
  /** So long after a wave's notices it is counted who signed in again; and it is held when surely fewer than this share came. */
  readonly signInAgesSeconds?: readonly number[];
  readonly signInShareLeast?: number;
}

/** The defaults of the safety rules. Reasons stand beside the config fields that override them. */
export const standardLimits: PlanLimits = {
  pace: 'standard',
  profile: 'standard',
  review: 'sampled',
  reviewClean: 59,
  reviewCleanLarge: 300,
  order: 'interlocked',
  tellWaveSizes: [10, 50, 500, 2_000, 10_000],
  tellSoakSeconds: [15 * 60, 30 * 60, 2 * 3_600, 2 * 3_600, 4 * 3_600],
  containWaveSizes: [10, 100, 1_000, 5_000],
  containSoakSeconds: [5 * 60, 5 * 60, 5 * 60, 60],
  growth: 3,
  largestWave: 50_000,
  tellHourShare: 0.05,
  tellHourFloor: 10_000,
  holderHours: { from: 8, to: 21, fromWaveSize: 500, defaultZone: 'UTC' },
  permitSize: 100,
  smallPermitSize: 10,
  smallWaveBelow: 1_000,
  permitSeconds: 10,
  smallPermitSeconds: 5,
  maxAttempts: 8,
  retrySeconds: 300,
  restoreHours: 72,
  untoldHours: 24,
  keepDays: 30,
  budgetProfile: 'normal',
  budgetDayShare: 0.01,
  budgetMonthShare: 0.05,
  budgetAttackShare: 0.1,
  budgetFloor: 200,
  disputeBaseline: 0.005,
  disputeFactor: 2,
  disputeCeiling: 0.01,
  bounceCeiling: 0.03,
  complaintCeiling: 0.0008,
  controlMost: 1_000,
  signInAgesSeconds: [3_600, 86_400, 7 * 86_400],
  signInShareLeast: 0.5,
};

/** The same brakes with seconds in place of hours, so that a person can watch a whole campaign on the sample service. */
export const sampleLimits: PlanLimits = {
  ...standardLimits,
  pace: 'sample',
  review: 'none',
  // Longer than the few seconds in which a press counts as a mail scanner's.
  tellSoakSeconds: [8, 8, 12, 12, 12],
  containSoakSeconds: [1, 1, 1, 1],
  retrySeconds: 2,
  // Within the soak of a wave, and twice while its reader looks on.
  signInAgesSeconds: [6, 60, 600],
  // The holders of the sample service do not sleep.
  holderHours: null,
};

/**
 * Most targets of a plan of the small profile. Its second wave is all the rest at once, so what bounds the harm is that
 * two people looked at every single one: at a quarter of a minute each, 500 take a person two hours.
 */
export const smallPlanTargetsMax = 500;
/** Largest first wave that still is the technical check of the small profile. */
export const smallFirstWaveMax = 10;

/** The brakes of a shop: ten, then the rest, and everybody's evidence is looked at before. The soaks stay as they are. */
export const smallProfile = {
  profile: 'small',
  review: 'all',
  tellWaveSizes: [smallFirstWaveMax, smallPlanTargetsMax],
  containWaveSizes: [smallFirstWaveMax, smallPlanTargetsMax],
} as const satisfies Partial<PlanLimits>;
