import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Clock } from '../ports/clock.ts';
import type { DotLog } from '../ports/dot-log.ts';
import type { Fence } from '../ports/fence.ts';
import type { JournalEntry } from '../ports/permit-journal.ts';
import type { MayAct } from './act-on-members.ts';
import { containPermit } from './contain-permit.ts';
import type { ContainPermitDeps } from './contain-permit.ts';
import { restorePermit } from './restore-permit.ts';
import type { RolloutPolicy } from './rollout-policy.ts';
import { settlePermit } from './settle-permit.ts';
import type { PermitFindings } from './settle-permit.ts';
import { noteFallenBehind } from './note-fallen-behind.ts';
import { takePermit } from './take-permit.ts';
import type { TakenPermit, TakePermitDeps } from './take-permit.ts';

export interface RunPermitDeps extends TakePermitDeps, ContainPermitDeps {
  readonly clock: Clock;
  readonly fence: Fence;
  readonly dotLog: DotLog;
  readonly policy: RolloutPolicy;
  /** Why no mail may be handed over now, or null. No permit is taken meanwhile: each empty try would count. */
  readonly mailHeldBy: (track: Track) => string | null;
  readonly sendPermit: (plan: FrozenPlan, taken: TakenPermit, mayAct: MayAct) => Promise<PermitFindings>;
}

/** What came of one try at one track: `idle` when there is nothing to take now. */
export type PermitRun = 'settled' | 'taken-back' | 'idle' | { readonly heldBy: string; readonly isBehind?: true };

/**
 * Takes one permit, acts under it, and settles it. The lent authority ends with the permit's time on this worker's own
 * monotonic clock, and with the fence. What fails in between is settled later from what can be proved.
 */
export async function runPermit(deps: RunPermitDeps, rolloutNo: number, track: Track): Promise<PermitRun> {
  const heldBy = sendsMail(track) ? deps.mailHeldBy(track) : null;
  if (heldBy !== null) return { heldBy };
  const taken = await takePermit(deps, rolloutNo, track);
  if (taken.kind === 'nothing') return 'idle';
  if (taken.kind === 'held') return { heldBy: taken.reason };
  if (taken.kind === 'behind') {
    await noteFallenBehind(deps.store, taken.reason, deps.journal.host);
    return { heldBy: taken.reason, isBehind: true };
  }
  const { permit } = taken;
  const mayAct: MayAct = () =>
    deps.clock.monotonicMs() < taken.expiresAtMs && deps.fence.mayAct(permit.rolloutNo, permit.track, permit.epoch);
  const unwritten = noteInJournal(deps, taken.entry);
  // Not a word of it is outside of the database: nothing is done under it, and it goes back at once.
  const findings =
    unwritten === null ? await act(deps, taken, mayAct) : { outcome: permit.outcome, notes: [], peerAway: true };
  const settled = await finishPermit(deps, taken, findings);
  if (unwritten !== null) return { heldBy: unwritten };
  return settled;
}

/**
 * Settles a permit, and lets its dot file go once this host knows of the settling by its own journal. A database that comes
 * back without the settling (a failover) has the permit open, and would read the missing file as "never sent".
 */
export async function finishPermit(
  deps: Pick<RunPermitDeps, 'store' | 'digests' | 'dotLog' | 'journal'>,
  { permit, limits, entry }: TakenPermit,
  findings: PermitFindings,
): Promise<'settled' | 'taken-back'> {
  const settled = await settlePermit(deps, permit, limits, findings);
  if (settled === null) return 'taken-back';
  // Where the journal cannot be written the file stays, and says what became of each member.
  if (noteInJournal(deps, { ...entry, ...settled }) === null) deps.dotLog.discard(permit);
  return 'settled';
}

/** Null, or why this host's journal could not be written. */
function noteInJournal(deps: Pick<RunPermitDeps, 'journal'>, entry: JournalEntry): string | null {
  try {
    deps.journal.note(entry);
    return null;
  } catch (error) {
    const { code = 'unknown' } = error as { readonly code?: string };
    return `the permit journal of this host cannot be written (${code})`;
  }
}

async function act(deps: RunPermitDeps, taken: TakenPermit, mayAct: MayAct): Promise<PermitFindings> {
  const { track } = taken.permit;
  const { rollout, plan } = taken;
  switch (track) {
    case 'contain':
      return containPermit(deps, plan, taken, mayAct);
    case 'restore':
      return restorePermit(deps, `retraction_${rollout.subjectNo}`, plan, taken, mayAct);
    case 'tell':
    case 'holding':
    case 'late':
    case 'correct':
      return deps.sendPermit(plan, taken, mayAct);
    default:
      return assertNever(track);
  }
}
