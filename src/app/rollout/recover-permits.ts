import { deliveryByte } from '../../domain/notice/delivery-state.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Digests } from '../ports/digests.ts';
import type { DotLog, DotMark } from '../ports/dot-log.ts';
import type { PermitJournal } from '../ports/permit-journal.ts';
import type { OutcomeNote, PermitRow, RolloutRow } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { lostEntry } from './lost-entry.ts';
import { settleWithin } from './settle-permit.ts';
import type { PermitFindings } from './settle-permit.ts';
import { claimedByte, releasedByte, unknownByte } from './track-outcomes.ts';

/** A holder's own clock expires first; this much later its permit is taken back. */
const graceSeconds = 2;
/** A permit of another host is left to that host's workers for this long, since only they can read its dot file. */
const otherHostSeconds = 60;
/** Permits taken back in one transaction. */
const batch = 20;

export interface RecoverDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly dotLog: DotLog;
  readonly journal: PermitJournal;
  readonly limitsOf: (tx: Tx, rollout: RolloutRow) => Promise<PlanLimits>;
}

/**
 * Takes back permits whose holder is gone, and settles them with what its dot file proves: untouched members were not
 * sent and are released, members with a dot intent and no outcome are unknown and never resent. Answers how many.
 */
export async function recoverPermits(deps: RecoverDeps): Promise<number> {
  const done = await deps.store.transact(async (tx) => {
    const recovered: PermitRow[] = [];
    // A settled permit leaves no dot file. A database that lost the settling would have it read as never sent.
    if ((await tx.standing.behind()) !== null) return recovered;
    for (const permit of await tx.rollouts.expiredPermits(graceSeconds, batch)) {
      if ((await lostEntry(tx, deps.journal, permit.rolloutNo)) !== null) continue;
      const findings = await findingsOf(tx, deps, permit);
      const rollout = await tx.rollouts.read(permit.rolloutNo);
      if (findings === null || rollout === null) continue;
      const limits = await deps.limitsOf(tx, rollout);
      if ((await settleWithin(tx, deps.digests, permit, limits, findings, 'permit.recovered')) !== null)
        recovered.push(permit);
    }
    return recovered;
  });
  for (const permit of done) deps.dotLog.discard(permit);
  return done.length;
}

async function findingsOf(tx: Tx, deps: RecoverDeps, permit: PermitRow): Promise<PermitFindings | null> {
  // Whether the directory was changed is for it to say: unknown is read back before anything is redone (I14).
  if (!sendsMail(permit.track)) return { outcome: permit.outcome.map(unknownWhereClaimed), notes: [], peerAway: false };
  const marks = deps.dotLog.takeBack(permit, permit.host);
  if (marks !== null) return findings(permit, (index) => marks[index] ?? 'dot-intended');
  const long = (await tx.rollouts.expiredPermits(otherHostSeconds, batch)).some(
    (one) => one.rolloutNo === permit.rolloutNo && one.track === permit.track && one.fromOrdinal === permit.fromOrdinal,
  );
  return long ? findings(permit, () => 'dot-intended') : null;
}

function unknownWhereClaimed(byte: number): number {
  return byte === claimedByte ? unknownByte : byte;
}

function findings(permit: PermitRow, markOf: (index: number) => DotMark): PermitFindings {
  const notes: OutcomeNote[] = [];
  const outcome = permit.outcome.map((byte, index) => {
    if (byte !== claimedByte) return byte;
    const mark = markOf(index);
    if (mark === 'untouched') return releasedByte;
    if (mark !== 'dot-intended') return mark.settledAs;
    notes.push({
      ordinal: permit.fromOrdinal + index,
      attempt: permit.attempt,
      state: 'unknown',
      note: 'the worker was lost after its last look and before a reply was recorded',
    });
    return deliveryByte('unknown');
  });
  return { outcome, notes, peerAway: false };
}
