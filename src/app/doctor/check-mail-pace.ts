import type { MailRates } from '../../domain/rate/mail-rates.ts';
import { limitsInWords, secondsToSend } from '../../domain/rate/rate-limit.ts';
import { aboutHowLong } from '../../domain/shared/duration-in-words.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { subjectOf } from '../rollout/halt-rollout.ts';
import { readHourUse } from '../rollout/hour-room.ts';
import { tallyTrack } from '../rollout/tally-track.ts';
import { leastSecondsLeft } from './check-rollouts.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, sound } from './finding.ts';

const hourSeconds = 3_600;
const daySeconds = 86_400;
/** From here on the provider will turn us away within the day. */
const nearlyUsed = 0.9;
/** Fewer are put off by any greylisting receiver. */
const noticeablyPutOff = 100;

export interface MailPaceInput {
  readonly environment: 'sample' | 'staging' | 'production';
  /** What the provider takes in 24 hours; null: nobody said. */
  readonly quotaPerDay: number | null;
  /** Absent: none is named. */
  readonly rates?: MailRates;
}

interface Waiting {
  readonly subject: string;
  readonly left: number;
  readonly wavesSeconds: number;
  readonly isRunning: boolean;
}

/** How much mail is still to go out, how fast it goes, and when it can be through: pace, quota, waves, the slowest of them. */
export async function checkMailPace(store: Store, input: MailPaceInput): Promise<readonly CheckFinding[]> {
  return store.transact(async (tx) => {
    const perHour = await tx.operation.mailsSettledWithin(hourSeconds);
    const usedToday = await tx.operation.mailsSettledWithin(daySeconds);
    const deferred = await tx.operation.deferredMails();
    const waiting = await readWaiting(tx);
    const left = waiting.reduce((sum, one) => sum + one.left, 0);
    return [
      judgeQueue(deferred, perHour),
      judgeQuota(input, usedToday, left),
      judgeRate(input, left),
      ...waiting.map((one) =>
        paceOf(
          { ...one, wavesSeconds: Math.max(one.wavesSeconds, rateSeconds(input, left)) },
          perHour,
          input.quotaPerDay,
          usedToday,
        ),
      ),
    ];
  });
}

async function readWaiting(tx: Tx): Promise<readonly Waiting[]> {
  const waiting: Waiting[] = [];
  for (const rollout of await tx.rollouts.unfinished()) {
    const tracks = (await tx.rollouts.tracks(rollout.no)).filter(
      (one) => sendsMail(one.track) && one.phase !== 'finished',
    );
    if (tracks.length === 0) continue;
    let left = 0;
    for (const track of tracks) left += await leftOn(tx, track);
    waiting.push({
      subject: subjectOf(rollout),
      left,
      wavesSeconds: Math.max(...tracks.map(leastSecondsLeft), ...(await hourSecondsOf(tx, rollout, tracks))),
      isRunning: tracks.some((track) => track.phase === 'running'),
    });
  }
  return waiting;
}

/** What is left of each track that tells no more than a share of its plan in an hour. */
async function hourSecondsOf(tx: Tx, rollout: RolloutRow, tracks: readonly StoredTrack[]): Promise<readonly number[]> {
  const plan = rollout.kind === 'plan' ? await tx.plans.read(`plan_${rollout.subjectNo}`) : null;
  if (plan === null) return [];
  const seconds: number[] = [];
  for (const track of tracks) {
    const use = await readHourUse(tx, track, plan.header.limits);
    if (use !== null) seconds.push((Math.ceil((await leftOn(tx, track)) / use.most) - 1) * hourSeconds);
  }
  return seconds;
}

async function leftOn(tx: Tx, track: StoredTrack): Promise<number> {
  return track.members - tallyTrack(track, await tx.rollouts.permits(track.rolloutNo, track.track)).settled;
}

/** More put off than what an hour settles is a queue that grows. */
export function judgeQueue(deferred: number, perHour: number): CheckFinding {
  const check = 'mail queue';
  if (deferred === 0) return sound(check, 'nobody waits to be written to again');
  const seen = `${deferred} were put off by a mail server and are tried again; ${perHour} were settled within the hour`;
  if (deferred < noticeablyPutOff || deferred <= perHour) return sound(check, seen);
  return doubtful(
    check,
    seen,
    'See which receiver puts us off (allclear_mail_deferrals_total), and ask there before more is sent.',
  );
}

export function judgeQuota({ environment, quotaPerDay }: MailPaceInput, usedToday: number, left: number): CheckFinding {
  const check = 'mail quota';
  if (quotaPerDay === null) {
    const seen = `none is named; ${usedToday} mails were settled within 24 h`;
    return environment === 'sample'
      ? sound(check, seen)
      : doubtful(check, seen, 'Name what the provider takes in 24 h: ALLCLEAR_MAIL_QUOTA_PER_DAY.');
  }
  const seen = `${usedToday} of ${quotaPerDay} mails of 24 h are used, ${left} are to go out`;
  if (usedToday >= quotaPerDay * nearlyUsed)
    return doubtful(
      check,
      seen,
      'Ask the provider for more, or halt tell: what it turns away is put off and people stay untold.',
    );
  return left > quotaPerDay - usedToday
    ? doubtful(
        check,
        seen,
        'It takes more than a day. Ask the provider for more before people are overdue, or contain in smaller plans.',
      )
    : sound(check, seen);
}

/** What all mail together may leave by: every rollout that is under way shares it. */
export function judgeRate(input: MailPaceInput, left: number): CheckFinding {
  const check = 'mail rate';
  const limits = input.rates?.all ?? [];
  if (limits.length > 0) {
    const kept = `${Math.round((input.rates?.reserve ?? 0) * 100)} % of it is kept for corrections`;
    const takes =
      left === 0 ? '' : `; ${left} are to go out, which takes at least ${aboutHowLong(rateSeconds(input, left))}`;
    return sound(check, `${limitsInWords(limits)}, ${kept}${takes}`);
  }
  const seen = 'none is named: mail leaves as fast as the mail server takes it';
  return input.environment === 'production'
    ? doubtful(check, seen, 'Name what the provider allows, as in 14/s: ALLCLEAR_MAIL_RATE.')
    : sound(check, seen);
}

function rateSeconds({ rates }: MailPaceInput, left: number): number {
  return rates === undefined ? 0 : secondsToSend(rates.all, rates.reserve, left);
}

function paceOf(one: Waiting, perHour: number, quotaPerDay: number | null, usedToday: number): CheckFinding {
  const check = `${one.subject} mail`;
  const hours = hoursToFinish(one.left, perHour, quotaPerDay, usedToday, one.wavesSeconds);
  const pace = perHour === 0 ? 'none went out within the hour' : `${perHour} went out within the hour`;
  const at = `${one.left} are to be written to; ${pace}`;
  if (one.left === 0) return sound(check, 'everybody is written to');
  if (!one.isRunning) return sound(check, `${at}; halted`);
  return sound(
    check,
    `${at}; ${hours === null ? 'when it is through cannot be said' : `through in about ${hours.toFixed(1)} h`}`,
  );
}

/** The slowest of pace, quota and waves; null while nothing goes out. All hours from now. */
export function hoursToFinish(
  left: number,
  perHour: number,
  quotaPerDay: number | null,
  usedToday: number,
  wavesSeconds: number,
): number | null {
  if (perHour === 0) return null;
  const remaining = quotaPerDay === null ? Number.POSITIVE_INFINITY : Math.max(0, quotaPerDay - usedToday);
  // What is beyond the rest of the quota flows in as it is given back, evenly through the day.
  const byQuota = quotaPerDay === null || left <= remaining ? 0 : ((left - remaining) / quotaPerDay) * 24;
  return Math.max(left / perHour, byQuota, wavesSeconds / hourSeconds);
}
