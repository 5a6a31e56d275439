import { standardDrillRule } from '../domain/drill/drill-standing.ts';
import { sampleLimits, smallProfile, standardLimits } from '../domain/plan/limits.ts';
import type { PlanLimits } from '../domain/plan/limits.ts';
import { defineField, share, wholeNumber, wholeNumbers } from './field.ts';
import type { Field, Known } from './field.ts';

const people = 10_000_000;
/** Of the standard pace: plans of the sample pace wait for nobody's morning. */
const standardHours = { from: 8, to: 21, fromWaveSize: 500 };
const weekSeconds = 7 * 86_400;

/** Soaks and retries are seconds in the sample environment, so that a person can watch a whole campaign. */
function planDefault<Key extends keyof PlanLimits>(key: Key): (known: Known) => PlanLimits[Key] {
  return ({ environment, profile }) => {
    const base: PlanLimits = environment === 'sample' ? sampleLimits : standardLimits;
    return (profile === 'small' ? { ...base, ...smallProfile } : base)[key];
  };
}

function limit<Value>(
  name: string,
  schema: Field<Value>['schema'],
  unit: string,
  initial: Field<Value>['default'],
  meaning: string,
  whenWrong: string,
): Field<Value> {
  return defineField({ env: `ALLCLEAR_LIMIT_${name}`, schema, unit, default: initial, meaning, whenWrong });
}

/** The brakes. Those of a plan are frozen into its digest, so that approvers see them and a later change is another plan. */
export const limitFields = {
  tellWaveSizes: limit(
    'TELL_WAVE_SIZES',
    wholeNumbers(1, people),
    'people',
    planDefault('tellWaveSizes'),
    'Sizes of the first waves of notices: staff and canaries, then enough people for disputes to show a mistake.',
    'Larger first waves reach more people before anybody can say that it is a mistake.',
  ),
  tellSoakSeconds: limit(
    'TELL_SOAK_SECONDS',
    wholeNumbers(0, weekSeconds),
    'seconds',
    planDefault('tellSoakSeconds'),
    'How long each wave of notices is watched before the next; the last holds for all later waves.',
    'Shorter ones end before the readers of the wave have opened their mail.',
  ),
  containWaveSizes: limit(
    'CONTAIN_WAVE_SIZES',
    wholeNumbers(1, people),
    'people',
    planDefault('containWaveSizes'),
    'Sizes of the first waves of containment, when containing first.',
    'Larger ones lock more people out before a sick directory or recovery is noticed.',
  ),
  containSoakSeconds: limit(
    'CONTAIN_SOAK_SECONDS',
    wholeNumbers(0, weekSeconds),
    'seconds',
    planDefault('containSoakSeconds'),
    'How long each wave of containment is watched before the next.',
    'Shorter ones end before the first holders have tried to get back in.',
  ),
  reviewClean: limit(
    'REVIEW_CLEAN',
    wholeNumber(59, 3_000),
    'targets',
    planDefault('reviewClean'),
    'Targets of a plan of more than 500 that each approver looks at, drawn by chance from every group. 59 without a wrong one: at most 5 % are wrong, at 95 %.',
    'Fewer than 59 prove less and are refused; more take longer, a quarter of a minute each.',
  ),
  reviewCleanLarge: limit(
    'REVIEW_CLEAN_LARGE',
    wholeNumber(300, 6_000),
    'targets',
    planDefault('reviewCleanLarge'),
    'Above 100,000 targets the two approvers together look at this many: 300 without a wrong one prove at most 1 %.',
    'As for the reviewed targets of a smaller plan.',
  ),
  growth: limit(
    'GROWTH',
    wholeNumber(1, 10),
    'times',
    planDefault('growth'),
    'After the named sizes each wave is this many times the one before.',
    'Faster growth makes the wave in which a mistake is found larger than all before it.',
  ),
  largestWave: limit(
    'LARGEST_WAVE',
    wholeNumber(1, people),
    'people',
    planDefault('largestWave'),
    'No wave is larger.',
    'A larger one outruns recovery and support.',
  ),
  tellHourShare: limit(
    'TELL_HOUR_SHARE',
    share,
    'share',
    planDefault('tellHourShare'),
    'At most this share of the people whom a plan tells is told in any hour, however it is laid.',
    'A larger one tells more people before anybody can say that it is a mistake.',
  ),
  tellHourFloor: limit(
    'TELL_HOUR_FLOOR',
    wholeNumber(1, people),
    'people',
    planDefault('tellHourFloor'),
    'So many may be told in any hour whatever the share is: the largest of the named first waves.',
    'A larger one lifts the bound from larger plans; a smaller one slows small plans down.',
  ),
  holderHoursFrom: limit(
    'HOLDER_HOURS_FROM',
    wholeNumber(0, 23),
    'hour of the day',
    () => standardHours.from,
    'Notices of large waves are sent from this hour on, where their reader lives.',
    'Earlier ones wake people up; a notice that is read half asleep is taken for a false one.',
  ),
  holderHoursTo: limit(
    'HOLDER_HOURS_TO',
    wholeNumber(1, 24),
    'hour of the day',
    () => standardHours.to,
    'The same: before this hour. From 0 to 24 is any hour.',
    'As for the hour before; the fewer hours there are, the longer people are contained and untold.',
  ),
  holderHoursFromWave: limit(
    'HOLDER_HOURS_FROM_WAVE',
    wholeNumber(1, people),
    'people',
    () => standardHours.fromWaveSize,
    'From the first wave of notices of this size on they wait for their reader’s day; smaller ones before it do not.',
    'A higher one sends larger waves by night; a lower one makes the first small waves, which find mistakes, last a day.',
  ),
  permitSize: limit(
    'PERMIT_SIZE',
    wholeNumber(1, 100),
    'people',
    planDefault('permitSize'),
    'A permit lends authority over at most this many people: what a crash can leave unknown.',
    'Smaller ones cost a database round trip more often. More than 100 is refused.',
  ),
  smallPermitSize: limit(
    'SMALL_PERMIT_SIZE',
    wholeNumber(1, 100),
    'people',
    planDefault('smallPermitSize'),
    'The same in small waves, where each person weighs more.',
    'As for the size of a permit.',
  ),
  smallWaveBelow: limit(
    'SMALL_WAVE_BELOW',
    wholeNumber(1, people),
    'people',
    planDefault('smallWaveBelow'),
    'Waves below this size take the small permits.',
    'A lower number lends more at once in the first waves.',
  ),
  permitSeconds: limit(
    'PERMIT_SECONDS',
    wholeNumber(1, 10),
    'seconds',
    planDefault('permitSeconds'),
    'A permit ends after this: how long a worker that cannot be reached may go on.',
    'Shorter ones end before a slow mailer has answered. More than 10 is refused.',
  ),
  smallPermitSeconds: limit(
    'SMALL_PERMIT_SECONDS',
    wholeNumber(1, 10),
    'seconds',
    planDefault('smallPermitSeconds'),
    'The same in small waves.',
    'As for the seconds of a permit.',
  ),
  maxAttempts: limit(
    'MAX_ATTEMPTS',
    wholeNumber(1, 20),
    'attempts',
    planDefault('maxAttempts'),
    'A deferred mail is tried at most this often.',
    'More attempts reach people days after the act, fewer leave them untold.',
  ),
  retrySeconds: limit(
    'RETRY_SECONDS',
    wholeNumber(1, 86_400),
    'seconds',
    planDefault('retrySeconds'),
    'First wait before a deferred mail is tried again; twice as long each time.',
    'Greylisting receivers want minutes and refuse who comes back at once.',
  ),
  restoreHours: limit(
    'RESTORE_HOURS',
    wholeNumber(1, 720),
    'hours',
    planDefault('restoreHours'),
    "A password is given back without its holder's act for so long; later it is offered at recovery.",
    'The longer, the likelier that the holder moved on or a thief waits for it.',
  ),
  untoldHours: limit(
    'UNTOLD_HOURS',
    wholeNumber(1, 720),
    'hours',
    planDefault('untoldHours'),
    'Contained and untold for longer than this is overdue: told another way, or restored.',
    'Longer ones leave people locked out without a word.',
  ),
  keepDays: limit(
    'KEEP_DAYS',
    wholeNumber(1, 30),
    'days',
    planDefault('keepDays'),
    'Sealed old passwords are kept for so long after the last wave; then their key is destroyed.',
    'Shorter ones end the time in which a mistake can be undone. More than 30 is refused.',
  ),
  budgetDayShare: limit(
    'BUDGET_DAY_SHARE',
    share,
    'of all accounts',
    planDefault('budgetDayShare'),
    'Most accounts that may be acted on in any 24 hours; real leaks rarely meet more of a service at once.',
    'A higher one lets a wrong rule reach more people before a person has to look.',
  ),
  budgetMonthShare: limit(
    'BUDGET_MONTH_SHARE',
    share,
    'of all accounts',
    planDefault('budgetMonthShare'),
    'Most accounts that may be acted on in any 30 days.',
    'As for the share of a day.',
  ),
  budgetFloor: limit(
    'BUDGET_FLOOR',
    wholeNumber(0, 10_000),
    'accounts',
    planDefault('budgetFloor'),
    'A small service may always act on this many: 1 % of it would be nobody.',
    'A higher one takes the budget away from a service of that size.',
  ),
  budgetAttackShare: limit(
    'BUDGET_ATTACK_SHARE',
    share,
    'of all accounts',
    planDefault('budgetAttackShare'),
    'The share of a day for plans of the profile `attack`, when thieves are inside.',
    'As for the share of a day.',
  ),
  disputeBaseline: limit(
    'DISPUTE_BASELINE',
    share,
    'of people told',
    planDefault('disputeBaseline'),
    'Share of rightly told people who say "this is not right", before there is a figure of our own.',
    'A higher one hides disputes of wrongly told people.',
  ),
  disputeFactor: limit(
    'DISPUTE_FACTOR',
    wholeNumber(1, 10),
    'times the baseline',
    planDefault('disputeFactor'),
    'Notices pause when disputes are surely above so many times the baseline.',
    'A higher one pauses later.',
  ),
  disputeCeiling: limit(
    'DISPUTE_CEILING',
    share,
    'of people told',
    planDefault('disputeCeiling'),
    'Notices pause when disputes are surely above this, whatever the baseline.',
    'A higher one pauses later.',
  ),
  bounceCeiling: limit(
    'BOUNCE_CEILING',
    share,
    'of people told',
    planDefault('bounceCeiling'),
    'Notices pause when surely more than this share of mails was refused or came back for its address.',
    'A higher one writes on to addresses that are not those of the people, and ruins the reputation that corrections need.',
  ),
  complaintCeiling: limit(
    'COMPLAINT_CEILING',
    share,
    'of people told',
    planDefault('complaintCeiling'),
    'Notices pause when surely more than this share of mails was reported as unwanted.',
    'Above one in a thousand the large receivers file our mail as spam: corrections too.',
  ),
  drillDays: limit(
    'DRILL_DAYS',
    wholeNumber(1, 365),
    'days',
    () => standardDrillRule.everyDays,
    'So long after a passed drill of halt and reversal rollouts may be started; a sample needs none.',
    'Longer: the people who would have to halt have not done it for so long, and the way back may not work any more.',
  ),
  drillWarnDays: limit(
    'DRILL_WARN_DAYS',
    wholeNumber(1, 365),
    'days',
    () => standardDrillRule.warnDays,
    'From this day after the last passed drill on, `doctor`, the status and the figures warn.',
    'Too late: the right to start lapses before two people found an hour for the next drill.',
  ),
};
