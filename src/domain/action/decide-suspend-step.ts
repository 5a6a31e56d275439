import { assertNever } from '../shared/assert-never.ts';
import type { ContainOutcome } from './contain-outcome.ts';
import { isOpenSuspension } from './suspension.ts';
import type { ClosedSuspension, LiveSuspension, SuspensionFacts, SuspensionId } from './suspension.ts';

export interface ClosingOfSuspension {
  readonly id: SuspensionId;
  readonly as: ClosedSuspension;
}

/** The one thing to do next for an account. A repeated call finds what an earlier one did and goes on from there. */
export type SuspendStep =
  | { readonly kind: 'done'; readonly outcome: ContainOutcome; readonly close: ClosingOfSuspension | null }
  /** Give it a mark, after closing a suspension that the directory no longer carries. */
  | { readonly kind: 'mark'; readonly close: ClosingOfSuspension | null }
  /** Marked before, and the account is not suspended: place that very mark. */
  | { readonly kind: 'place' }
  /** Placed before: end the sessions and record the receipts. */
  | { readonly kind: 'finish' };

/**
 * @param mine the suspension that this plan ever made of the account
 * @param other the account's open suspension by another plan
 */
export function decideSuspendStep(
  live: LiveSuspension,
  mine: SuspensionFacts | null,
  other: SuspensionFacts | null,
): SuspendStep {
  if (live.kind === 'missing') return done('missing');
  return mine === null ? begin(live, other) : goOn(live, mine);
}

function begin(live: Exclude<LiveSuspension, { kind: 'missing' }>, other: SuspensionFacts | null): SuspendStep {
  switch (live.kind) {
    case 'ours':
    case 'other':
      return done('already-suspended');
    case 'none':
      if (other === null) return { kind: 'mark', close: null };
      // Not placed yet: two plans must not race for one account. Placed and gone: the service lifted it itself.
      return other.suspendedAt === null ? done('failed') : { kind: 'mark', close: { id: other.id, as: 'retired' } };
    default:
      return assertNever(live);
  }
}

function goOn(live: LiveSuspension, mine: SuspensionFacts): SuspendStep {
  if (mine.suspendedAt !== null) {
    // The effect was made once. Whoever was let back in since, by us or by the service, is not suspended again.
    return isOpenSuspension(mine.state) && mine.sessionsEndedAt === null ? { kind: 'finish' } : done('contained');
  }
  if (live.kind === 'ours' && live.suspension === mine.id) {
    // A mark that landed after its suspension was closed is for a person to see and for a retraction to take away.
    return isOpenSuspension(mine.state) ? { kind: 'finish' } : done('unknown');
  }
  if (!isOpenSuspension(mine.state)) return done('changed-since');
  if (live.kind === 'none') return { kind: 'place' };
  return { kind: 'done', outcome: 'already-suspended', close: { id: mine.id, as: 'retired' } };
}

function done(outcome: ContainOutcome): SuspendStep {
  return { kind: 'done', outcome, close: null };
}
