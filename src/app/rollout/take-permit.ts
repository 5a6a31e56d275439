import { permitSizeFor } from '../../domain/rollout/permit.ts';
import type { Permit } from '../../domain/rollout/permit.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digests } from '../ports/digests.ts';
import type { Fence } from '../ports/fence.ts';
import type { JournalEntry, PermitJournal } from '../ports/permit-journal.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { RolloutRow } from '../ports/rollout-store.ts';
import { clocksDiffer, hoursOfTrack } from './hold-for-hours.ts';
import type { HourClock } from './hour-clock.ts';
import { hourRoom } from './hour-room.ts';
import { lostEntry } from './lost-entry.ts';
import { subjectOf } from './halt-rollout.ts';
import { claimedByte, outcomesOf } from './track-outcomes.ts';

/** A sensor that was silent for longer than this stops the taking of permits. */
const sensorSilenceSeconds = 10;

/** The sensor that counts "this is not right": the server beats it while its public page can take a press. */
export const disputeSensor = 'disputes';

export interface TakePermitDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly hourClock: HourClock;
  readonly digests: Digests;
  readonly fence: Fence;
  readonly journal: PermitJournal;
  readonly worker: { readonly id: string; readonly host: string };
  /** Why this rollout's track may not go on now (drift, lapsed approvals), or null. Read inside the permit's transaction. */
  readonly objection: (tx: Tx, rollout: RolloutRow, track: Track) => Promise<string | null>;
  readonly planOf: (tx: Tx, rollout: RolloutRow) => Promise<FrozenPlan>;
  /** Mails of the track that its rate lets out in so many seconds: no more are taken at a time. Null: any number. */
  readonly mostWithin?: (track: Track, seconds: number) => number | null;
}

export interface TakenPermit {
  readonly kind: 'permit';
  readonly permit: Permit;
  readonly rollout: RolloutRow;
  readonly plan: FrozenPlan;
  readonly limits: PlanLimits;
  /** On the holder's own monotonic clock, counted from before the request: never later than the database's own expiry. */
  readonly expiresAtMs: number;
  /** To be noted in this host's journal before anything is done. */
  readonly entry: JournalEntry;
}

export type TakeResult =
  | TakenPermit
  | { readonly kind: 'nothing' }
  | { readonly kind: 'held'; readonly reason: string }
  /** The database lacks an entry under which this host acted. */
  | { readonly kind: 'behind'; readonly reason: string };

/**
 * One short transaction: shared lock, phase and epoch, the range marked claimed, its ledger entry, commit. Once a halt
 * has committed this can only answer `nothing`.
 */
export async function takePermit(deps: TakePermitDeps, rolloutNo: number, track: Track): Promise<TakeResult> {
  const askedAtMs = deps.clock.monotonicMs();
  const asker = deps.hourClock.asker();
  const full = deps.journal.refusal();
  if (full !== null) return { kind: 'held', reason: full };
  return deps.store.transact(async (tx): Promise<TakeResult> => {
    await tx.rollouts.lockShared(rolloutNo);
    const rollout = await tx.rollouts.read(rolloutNo);
    const state = (await tx.rollouts.tracks(rolloutNo)).find((one) => one.track === track);
    if (rollout === null || state === undefined || state.phase !== 'running' || state.wavesOpened === 0)
      return { kind: 'nothing' };
    const behind = await tx.standing.behind();
    if (behind !== null) return { kind: 'held', reason: behind.reason };
    const lost = await lostEntry(tx, deps.journal, rolloutNo);
    if (lost !== null) return { kind: 'behind', reason: lost };
    if (deps.fence.haltFilePresent()) return { kind: 'held', reason: 'a HALT file lies on this worker’s host' };
    const objection = (await silentSensor(tx, track)) ?? (await deps.objection(tx, rollout, track));
    if (objection !== null) return { kind: 'held', reason: objection };

    const plan = await deps.planOf(tx, rollout);
    const { limits } = plan.header;
    const wave = state.wavesOpened - 1;
    const lent = permitSizeFor(limits, state.openTo - (state.waveEnds[wave - 1] ?? 0));
    deps.fence.ensure(rolloutNo, track);
    // Nothing could be done under it, and each empty try would count as one of the tries of its members.
    if (!deps.fence.mayAct(rolloutNo, track, state.epoch))
      return {
        kind: 'held',
        reason: 'this worker’s host is fenced: a halt is under way, or halts of other hosts do not reach it',
      };
    const hours = hoursOfTrack(deps, tx, rollout, state, limits, lent.seconds);
    if (hours !== null && clocksDiffer(deps.clock.now(), await tx.rollouts.now()))
      return {
        kind: 'held',
        reason: 'the clocks of this worker and of the database differ: what hour it is, is not known',
      };
    const room = await hourRoom(tx, state, limits, deps.hourClock, asker);
    if (room.kind === 'used') return { kind: 'held', reason: room.reason };
    const permit = await tx.rollouts.takePermit({
      rolloutNo,
      track,
      epoch: state.epoch,
      wave,
      size: Math.min(
        room.sizeMost,
        lent.size,
        sendsMail(track) ? (deps.mostWithin?.(track, lent.seconds) ?? lent.size) : lent.size,
      ),
      seconds: lent.seconds,
      holder: deps.worker.id,
      host: deps.worker.host,
      claimable: outcomesOf(track).claimable,
      claimed: claimedByte,
      ...(hours === null ? {} : { hours }),
    });
    if (permit === null) return { kind: 'nothing' };
    if (room.isBounded)
      await tx.rollouts.noteLent(rolloutNo, permit.outcome.filter((byte) => byte === claimedByte).length, asker);
    const { seq, hash } = await tx.ledger.append({
      chain: `rollout:${rolloutNo}`,
      event: 'permit.taken',
      body: {
        track,
        from: permit.fromOrdinal,
        size: permit.size,
        wave: permit.wave,
        attempt: permit.attempt,
        epoch: permit.epoch,
        outcomes: deps.digests.sha256(permit.outcome),
      },
    });
    const { fromOrdinal: from, size, attempt } = permit;
    return {
      kind: 'permit',
      permit,
      rollout,
      plan,
      limits,
      expiresAtMs: askedAtMs + lent.seconds * 1_000,
      entry: { rolloutNo, seq, hash, subject: subjectOf(rollout), track, from, size, attempt },
    };
  });
}

async function silentSensor(tx: Tx, track: Track): Promise<string | null> {
  if (track !== 'tell' && track !== 'contain') return null;
  const age = await tx.rollouts.sensorAgeSeconds(disputeSensor);
  // A beat from the future is of a clock that was set back since: it says nothing about now.
  if (age !== null && Math.abs(age) <= sensorSilenceSeconds) return null;
  return 'the server that takes "this is not right" is silent';
}
