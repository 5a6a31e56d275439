import { assertNever } from '../shared/assert-never.ts';
import type { RestoreOutcome } from './restore-outcome.ts';
import type { ClosedSuspension, LiveSuspension, SuspensionFacts } from './suspension.ts';

export type ReinstateStep =
  | { readonly kind: 'done'; readonly outcome: RestoreOutcome; readonly closeAs: ClosedSuspension | null }
  /** The directory carries this suspension's own mark: it may be taken away. */
  | { readonly kind: 'lift' };

/**
 * Decides by what the directory holds, not by what we recorded. Only our own mark of this very suspension is ever taken away:
 * an account that the service suspended stays suspended.
 *
 * @param mine the suspension that the plan made of the account
 * @param sessionsOnly whether the plan ended the account's sessions and suspended nothing
 */
export function decideReinstateStep(
  live: LiveSuspension,
  mine: SuspensionFacts | null,
  sessionsOnly: boolean,
): ReinstateStep {
  if (live.kind === 'missing') return done('missing', null);
  if (mine === null) return done(sessionsOnly ? 'already-restored' : 'failed', null);
  switch (live.kind) {
    case 'none':
      return done('already-restored', mine.suspendedAt === null ? 'retired' : 'reinstated');
    case 'ours':
      return live.suspension === mine.id ? { kind: 'lift' } : done('changed-since', 'retired');
    case 'other':
      return done('changed-since', 'retired');
    default:
      return assertNever(live);
  }
}

function done(outcome: RestoreOutcome, closeAs: ClosedSuspension | null): ReinstateStep {
  return { kind: 'done', outcome, closeAs };
}
