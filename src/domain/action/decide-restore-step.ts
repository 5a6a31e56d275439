import { assertNever } from '../shared/assert-never.ts';
import type { ClosedState } from './restore-point.ts';
import type { LiveCredential, RestorePointFacts } from './live-credential.ts';
import type { RestoreOutcome } from './restore-outcome.ts';

export type RestoreStep =
  | { readonly kind: 'done'; readonly outcome: RestoreOutcome; readonly closeAs: ClosedState | null }
  /** The directory carries this restore point's own marker: the old hash may go back, unless live evidence holds it. */
  | { readonly kind: 'give-back' };

/**
 * Decides by what the directory holds, not by what we recorded, so that a repeated call and one that follows a crash
 * answer alike. Only our own marker is ever replaced (I15).
 *
 * @param point the restore point that the plan made for the account
 * @param sessionsOnly whether the plan ended the account's sessions and left its credential alone
 */
export function decideRestoreStep(
  live: LiveCredential,
  point: RestorePointFacts | null,
  sessionsOnly: boolean,
): RestoreStep {
  if (live.kind === 'missing') return done('missing', null);
  if (point === null) return done(sessionsOnly ? 'already-restored' : 'failed', null);
  switch (live.kind) {
    case 'none':
      return done('changed-since', 'retired');
    case 'hash':
      if (live.digest !== point.hashDigest) return done('changed-since', 'retired');
      return done('already-restored', point.containedAt === null ? 'retired' : 'restored');
    case 'marker':
      if (live.restorePoint !== point.id) return done('changed-since', 'retired');
      return point.state === 'destroyed' ? done('failed', null) : { kind: 'give-back' };
    default:
      return assertNever(live);
  }
}

function done(outcome: RestoreOutcome, closeAs: ClosedState | null): RestoreStep {
  return { kind: 'done', outcome, closeAs };
}
