/** The limits that a plan is frozen with. They are part of its digest: a change afterwards is another plan. */
export interface PlanLimits {
  /** `standard`, or `sample` with short soaks; `sample` is refused outside an environment named `sample`. */
  readonly pace: 'standard' | 'sample';
  /** Interlocked: no wave is contained before the one before it was told and judged. Contain-first: thieves are inside. */
  readonly order: 'interlocked' | 'contain-first';
  readonly tellWaveSizes: readonly number[];
  readonly tellSoakSeconds: readonly number[];
  readonly containWaveSizes: readonly number[];
  readonly containSoakSeconds: readonly number[];
  /** After the named sizes each wave is this many times the one before. */
  readonly growth: number;
  readonly largestWave: number;
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
}

/** The defaults of the safety rules. Reasons stand beside the config fields that override them. */
export const standardLimits: PlanLimits = {
  pace: 'standard',
  order: 'interlocked',
  tellWaveSizes: [10, 50, 500, 2_000, 10_000],
  tellSoakSeconds: [15 * 60, 30 * 60, 2 * 3_600, 2 * 3_600, 4 * 3_600],
  containWaveSizes: [10, 100, 1_000, 5_000],
  containSoakSeconds: [5 * 60, 5 * 60, 5 * 60, 60],
  growth: 3,
  largestWave: 50_000,
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
};

/** The same brakes with seconds in place of hours, so that a person can watch a whole campaign on the sample service. */
export const sampleLimits: PlanLimits = {
  ...standardLimits,
  pace: 'sample',
  // Longer than the few seconds in which a press counts as a mail scanner's.
  tellSoakSeconds: [8, 8, 12, 12, 12],
  containSoakSeconds: [1, 1, 1, 1],
  retrySeconds: 2,
};
