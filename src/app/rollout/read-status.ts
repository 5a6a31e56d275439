import type { Decision } from '../../domain/approval/approval-statement.ts';
import { conserveMembers } from '../../domain/rollout/conserve-members.ts';
import { soakEnds } from '../../domain/rollout/decide-next-step.ts';
import type { GateVerdict } from '../../domain/rollout/decide-next-step.ts';
import { resumeEpoch } from '../../domain/rollout/halt-scope.ts';
import { decisionToGoOn, heldVerdicts } from '../../domain/rollout/held-verdict.ts';
import type { HeldVerdict } from '../../domain/rollout/held-verdict.ts';
import { phaseInWords } from '../../domain/rollout/phase-in-words.ts';
import type { TrackPhase } from '../../domain/rollout/track-state.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId, numberOf } from '../../domain/shared/ids.ts';
import type { Digest, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { WaveRecoveries } from '../ports/recovery-store.ts';
import type { PermitRow, RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { countUntold } from './count-untold.ts';
import type { ContainedUntold } from './count-untold.ts';
import { kindOf } from './halt-rollout.ts';
import { isResumedByQuorum } from './read-held.ts';
import type { RolloutPolicy } from './rollout-policy.ts';
import { tallyTrack } from './tally-track.ts';
import type { CountedTrack } from './tally-track.ts';
import { outcomesOf } from './track-outcomes.ts';

export interface ReadStatusDeps {
  readonly store: Store;
  readonly policy: RolloutPolicy;
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

export interface RolloutStatus {
  readonly subject: PlanId | RetractionId;
  readonly digest: Digest;
  readonly kind: 'plan' | 'retraction';
  readonly startedAt: Date;
  /** The database's clock when all of this was read. */
  readonly readAt: Date;
  /** `running`, `halted`, `halted, 3 in flight`, `partly halted`, `finished`. */
  readonly phase: string;
  /** What a resume has to be agreed on. */
  readonly epoch: number;
  /** What two people can go on over while it is halted, and the decision that they sign; null where nothing holds. */
  readonly goOn: { readonly decision: Decision; readonly over: readonly HeldVerdict[] } | null;
  readonly tracks: readonly TrackStatus[];
  /** One per notice number; presses that look like a mail scanner's do not count. */
  readonly disputes: { readonly counted: number; readonly scanners: number };
  /** Of a plan's rollout; null for a retraction. */
  readonly containedUntold: ContainedUntold | null;
  /** Hosted recovery, by wave of a plan; only waves in which somebody was contained. Empty where nobody asked. */
  readonly recoveries: readonly WaveRecoveries[];
}

/** The state of one rollout, read in one transaction. `Failure('not-found')` where it was never started. */
export async function readRolloutStatus(deps: ReadStatusDeps, subject: PlanId | RetractionId): Promise<RolloutStatus> {
  return deps.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
    if (rollout === null)
      throw new Failure('not-found', `${subject} has no rollout: it was never started.`, { subject });
    const now = await tx.rollouts.now();
    const stored = await tx.rollouts.tracks(rollout.no);
    const tallied: Tallied[] = [];
    for (const track of stored) {
      const permits = await tx.rollouts.permits(rollout.no, track.track);
      const tally = tallyTrack(track, permits);
      conserveMembers(`${subject}, ${track.track}`, track.members, tally.counts);
      // A track that is halted waits for people, not for a morning.
      tallied.push({ track, tally, heldForHours: track.phase === 'running' ? countHeld(permits) : null });
    }
    const mailHolds = (await tx.rollouts.mailHolds()).map(
      ({ why, workers }) => `${why} (${workers} worker${workers === 1 ? '' : 's'})`,
    );
    const tracks: TrackStatus[] = [];
    for (const one of tallied) {
      const status = await trackStatus(deps, tx, rollout, one);
      const isHeld = status.phase === 'running' && sendsMail(status.track);
      tracks.push(isHeld ? { ...status, reasons: [...mailHolds, ...status.reasons] } : status);
    }
    const disputes = await tx.rollouts.disputes(rollout.no);
    const held = stored.flatMap((track) =>
      track.phase === 'halted' && isResumedByQuorum(track.track)
        ? heldVerdicts(track, tracks.find((one) => one.track === track.track)?.gates ?? [])
        : [],
    );
    const counted = disputes.filter((dispute) => dispute.counted).length;
    return {
      subject,
      digest: rollout.digest,
      kind: rollout.kind,
      startedAt: rollout.startedAt,
      readAt: now,
      phase: phaseInWords(tallied.map(({ track, tally }) => ({ ...tally, track: track.track, phase: track.phase }))),
      epoch: resumeEpoch(stored),
      goOn: held.length === 0 ? null : { decision: decisionToGoOn(resumeEpoch(stored), held), over: held },
      tracks,
      disputes: { counted, scanners: disputes.length - counted },
      containedUntold:
        rollout.kind === 'plan'
          ? await countUntold(tx, rollout.no, (await deps.policy.limitsOf(tx, rollout)).untoldHours, now)
          : null,
      recoveries: await recoveriesOf(tx, subject),
    };
  });
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
