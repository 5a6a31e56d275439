import type { Decision } from '../../domain/approval/approval-statement.ts';
import { standingInWords } from '../../domain/drill/drill-standing.ts';
import { conserveMembers } from '../../domain/rollout/conserve-members.ts';
import { soakEnds } from '../../domain/rollout/decide-next-step.ts';
import type { GateVerdict } from '../../domain/rollout/decide-next-step.ts';
import { resumeEpoch } from '../../domain/rollout/halt-scope.ts';
import { decisionToGoOn, heldVerdicts } from '../../domain/rollout/held-verdict.ts';
import type { HeldVerdict } from '../../domain/rollout/held-verdict.ts';
import { queueHours } from '../../domain/notice/queue-depth.ts';
import { phaseInWords } from '../../domain/rollout/phase-in-words.ts';
import type { TrackPhase } from '../../domain/rollout/track-state.ts';
import { readHourUse } from './hour-room.ts';
import { isQueueHalted } from '../../domain/rollout/queue-halt.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId, numberOf } from '../../domain/shared/ids.ts';
import type { Digest, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { isOrdinaryMail, isResumedByQuorum, sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { QueueLevel } from '../ports/mail-queue-store.ts';
import { readDrillStanding } from '../drill/read-drill-standing.ts';
import type { WaveRecoveries } from '../ports/recovery-store.ts';
import type { StoredPause } from '../ports/pause-store.ts';
import type { PermitRow, RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { countHandedOver } from './count-handed-over.ts';
import { countUntold } from './count-untold.ts';
import type { ContainedUntold } from './count-untold.ts';
import { kindOf } from './halt-rollout.ts';
import { readSignIns } from './judge-signed-in.ts';
import type { SignInStatus } from './judge-signed-in.ts';
import { pauseGate, pauseInWords } from './pause-rollout.ts';
import { readMailRate } from './read-mail-rate.ts';
import type { MailRateStatus, ReadMailRateDeps } from './read-mail-rate.ts';
import type { RolloutPolicy } from './rollout-policy.ts';
import { tallyTrack } from './tally-track.ts';
import type { CountedTrack } from './tally-track.ts';
import { outcomesOf } from './track-outcomes.ts';

/** Workers look every few seconds. */
const lookedAtWithinSeconds = 60;

export interface ReadStatusDeps {
  readonly store: Store;
  readonly policy: RolloutPolicy;
  /** Absent: no rates are shown. */
  readonly mailRate?: ReadMailRateDeps;
}

export interface HeldForHours {
  readonly people: number;
  readonly nextAt: Date;
}

export interface TrackStatus {
  readonly track: Track;
  readonly phase: TrackPhase;
  /** Why it is halted, why its next wave does not open yet, or why workers hand over no mail. */
  readonly reasons: readonly string[];
  readonly epoch: number;
  readonly wave: { readonly opened: number; readonly of: number; readonly openTo: number };
  readonly members: number;
  /** Members per outcome word; they add up to `members`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly inFlight: number;
  /** When the soak of the open wave ends; null while its outcomes are still coming. */
  readonly soakUntil: Date | null;
  /** People who are told when it is day where they live, and when the first of them is; null where nobody waits for that. */
  readonly heldForHours: HeldForHours | null;
  readonly haltedAt: Date | null;
  readonly haltedBy: string | null;
  /** What each gate says now, with what it could have caught; none for a finished track. */
  readonly gates: readonly GateVerdict[];
}

/** What mail servers took and may still hold: a halt reaches none of it but what it put on hold. */
export interface HandedOver {
  /** Mails of this rollout that may still be in the provider's queue; at most so many. */
  readonly mails: number;
  /** Only those handed over within so many hours: no queue keeps a mail longer. */
  readonly withinHours: number;
  /** Mails of this rollout that a halt put on hold there: they go out when it is resumed, and not before. */
  readonly onHold: number;
  /** Queues that can be read, one per host; of all rollouts together. None: what is in them is not known. */
  readonly queues: readonly QueueLevel[];
}

export interface RolloutStatus {
  readonly subject: PlanId | RetractionId;
  readonly digest: Digest;
  readonly kind: 'plan' | 'retraction';
  readonly startedAt: Date;
  /** The database's clock when all of this was read. */
  readonly readAt: Date;
  /** `running`, `paused`, `halted`, `halted, 3 in flight`, `partly halted`, `finished`. */
  readonly phase: string;
  /** A person's pause: nothing more begins, and what was begun is finished. Null where none holds. */
  readonly pause?: StoredPause | null;
  /** What a resume has to be agreed on. */
  readonly epoch: number;
  /** What two people can go on over while it is halted, and the decision that they sign; null where nothing holds. */
  readonly goOn: { readonly decision: Decision; readonly over: readonly HeldVerdict[] } | null;
  readonly tracks: readonly TrackStatus[];
  /** One per notice number; presses that look like a mail scanner's do not count. */
  readonly disputes: { readonly counted: number; readonly scanners: number };
  readonly handedOver: HandedOver;
  /** Why the next plan cannot be started, or soon cannot: no recent drill. Null where that is far off. */
  readonly drillWarning: string | null;
  /** Of a plan's rollout; null for a retraction. */
  readonly containedUntold: ContainedUntold | null;
  /** How fast mail may leave and how much of that is used; null where no rate is named. */
  readonly mailRate: MailRateStatus | null;
  /** Hosted recovery, by wave of a plan; only waves in which somebody was contained. Empty where nobody asked. */
  readonly recoveries: readonly WaveRecoveries[];
  /** Who of each wave came back, beside the control group; null for a retraction, and for a plan from before control groups. */
  readonly signIns?: SignInStatus | null;
  /** What of a plan may be told in any hour, and was lent for in the last one; none where it is too small for the bound to matter. */
  readonly hours?: readonly { readonly track: Track; readonly most: number; readonly told: number }[];
}

/** The state of one rollout, read in one transaction. `Failure('not-found')` where it was never started. */
export async function readRolloutStatus(deps: ReadStatusDeps, subject: PlanId | RetractionId): Promise<RolloutStatus> {
  const status = await readStored(deps, subject);
  if (deps.mailRate === undefined) return { ...status, mailRate: null };
  const open = status.tracks.map(({ track, phase, members, counts }) => ({
    track,
    phase,
    left: members - settledOf(track, counts),
  }));
  return { ...status, mailRate: await readMailRate(deps.mailRate, open) };
}

/** People whom no permit has anything more to do for. */
function settledOf(track: Track, counts: Readonly<Record<string, number>>): number {
  const { created = 0, claimed = 0, deferred = 0, released = 0 } = counts;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return sendsMail(track) ? all - created - claimed - deferred - released : all;
}

async function readStored(
  deps: ReadStatusDeps,
  subject: PlanId | RetractionId,
): Promise<Omit<RolloutStatus, 'mailRate'>> {
  return deps.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
    if (rollout === null)
      throw new Failure('not-found', `${subject} has no rollout: it was never started.`, { subject });
    const now = await tx.rollouts.now();
    const stored = await tx.rollouts.tracks(rollout.no);
    const arrived = Map.groupBy(await tx.feedback.arrived(rollout.no), ({ track }) => track);
    let handedOver = 0;
    const tallied: Tallied[] = [];
    for (const track of stored) {
      const permits = await tx.rollouts.permits(rollout.no, track.track);
      const tally = tallyTrack(track, permits);
      const known = new Set(arrived.get(track.track)?.map(({ ordinal }) => ordinal));
      handedOver += countHandedOver(track.track, permits, now, known);
      conserveMembers(`${subject}, ${track.track}`, track.members, tally.counts);
      // A track that is halted waits for people, not for a morning.
      tallied.push({ track, tally, heldForHours: track.phase === 'running' ? countHeld(permits) : null });
    }
    const mailHolds = (await tx.rollouts.mailHolds()).map(
      ({ why, workers }) => `${why} (${workers} worker${workers === 1 ? '' : 's'})`,
    );
    const queues = await tx.mailQueue.levels(queueHours * 3_600);
    // A worker that is gone holds nothing back.
    const queueHolds = (await tx.mailQueue.levels(lookedAtWithinSeconds)).flatMap(({ holdReason, hostName }) =>
      holdReason === null ? [] : [`${holdReason} (${hostName})`],
    );
    const pause = await tx.pauses.current(rollout.no);
    const tracks: TrackStatus[] = [];
    const limits = await deps.policy.limitsOf(tx, rollout);
    const hours: { track: Track; most: number; told: number }[] = [];
    for (const one of tallied) {
      const status = await trackStatus(deps, tx, rollout, one);
      const hour = await readHourUse(tx, one.track, limits);
      if (hour !== null) hours.push({ track: one.track.track, ...hour });
      const isHeld = status.phase === 'running' && sendsMail(status.track);
      const holds = isOrdinaryMail(status.track) ? [...mailHolds, ...queueHolds] : mailHolds;
      if (isQueueHalted(one.track)) {
        tracks.push({ ...status, reasons: [queueHaltInWords(one.track), ...status.reasons] });
        continue;
      }
      const paused =
        pause !== null && status.phase === 'running' && isResumedByQuorum(status.track) ? [pauseInWords(pause)] : [];
      // Of a pause that was stored as a reason to wait, only whether it holds now counts.
      const others = status.reasons.filter((reason) => !reason.startsWith(`${pauseGate}: `));
      tracks.push({ ...status, reasons: [...paused, ...(isHeld ? holds : []), ...others] });
    }
    const disputes = await tx.rollouts.disputes(rollout.no);
    const held = stored.flatMap((track) =>
      track.phase === 'halted' && isResumedByQuorum(track.track)
        ? heldVerdicts(track, tracks.find((one) => one.track === track.track)?.gates ?? [])
        : [],
    );
    const counted = disputes.filter((dispute) => dispute.counted).length;
    const epoch = resumeEpoch(stored, await tx.pauses.count(rollout.no));
    const phase = phaseInWords(
      tallied.map(({ track, tally }) => ({ ...tally, track: track.track, phase: track.phase })),
    );
    return {
      subject,
      digest: rollout.digest,
      kind: rollout.kind,
      startedAt: rollout.startedAt,
      readAt: now,
      // A halt says more than a pause does.
      phase: pause !== null && phase === 'running' ? 'paused' : phase,
      pause,
      epoch,
      goOn: held.length === 0 ? null : { decision: decisionToGoOn(epoch, held), over: held },
      tracks,
      disputes: { counted, scanners: disputes.length - counted },
      handedOver: {
        mails: handedOver,
        withinHours: queueHours,
        onHold: await tx.mailQueue.countHeld(rollout.no),
        queues,
      },
      drillWarning: await drillWarning(deps, tx),
      containedUntold: rollout.kind === 'plan' ? await countUntold(tx, rollout.no, limits.untoldHours, now) : null,
      recoveries: await recoveriesOf(tx, subject),
      signIns: rollout.kind === 'plan' ? await readSignIns(tx, await deps.policy.planOf(tx, rollout)) : null,
      hours,
    };
  });
}

function queueHaltInWords({ haltedAt, haltedBy }: StoredTrack): string {
  return `it is finished; mails of it that a mail server still had when ${haltedBy ?? 'somebody'} halted, ${haltedAt?.toISOString() ?? ''}, are held there until two resume it`;
}

async function drillWarning({ policy }: ReadStatusDeps, tx: Tx): Promise<string | null> {
  const standing = await readDrillStanding(tx, policy.drillRule);
  return standing.kind === 'not-asked' || standing.kind === 'fresh' ? null : standingInWords(standing);
}

async function recoveriesOf(tx: Tx, subject: PlanId | RetractionId): Promise<readonly WaveRecoveries[]> {
  if (!isTypedId('plan', subject)) return [];
  const waves = (await tx.recoveries.byWave(subject)).filter((wave) => wave.contained > 0);
  return waves.some((wave) => wave.asked > 0) ? waves : [];
}

interface Tallied {
  readonly track: StoredTrack;
  readonly tally: CountedTrack;
  readonly heldForHours: HeldForHours | null;
}

function countHeld(permits: readonly PermitRow[]): HeldForHours | null {
  let people = 0;
  let nextAt: Date | null = null;
  for (const { heldUntil, outcome, track } of permits) {
    if (heldUntil === null) continue;
    people += outcome.filter((byte) => !outcomesOf(track).isSettled(byte)).length;
    if (nextAt === null || heldUntil < nextAt) nextAt = heldUntil;
  }
  return nextAt === null ? null : { people, nextAt };
}

async function trackStatus(
  deps: ReadStatusDeps,
  tx: Tx,
  rollout: RolloutRow,
  { track, tally, heldForHours }: Tallied,
): Promise<TrackStatus> {
  return {
    track: track.track,
    phase: track.phase,
    reasons: track.reasons,
    epoch: track.epoch,
    wave: { opened: track.wavesOpened, of: track.waveEnds.length, openTo: track.openTo },
    members: track.members,
    counts: tally.counts,
    inFlight: tally.inFlight,
    soakUntil: soakEnds(track),
    heldForHours,
    haltedAt: track.haltedAt,
    haltedBy: track.haltedBy,
    gates: track.phase === 'finished' ? [] : await deps.policy.judge(tx, rollout, track, tally),
  };
}
