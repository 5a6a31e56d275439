import { assertNever } from '../shared/assert-never.ts';
import type { ContainOutcome } from './contain-outcome.ts';
import type { LiveCredential, RestorePointFacts } from './live-credential.ts';
import { isOpen } from './restore-point.ts';
import type { ClosedState, RestorePointId } from './restore-point.ts';

export interface ClosingOf {
  readonly id: RestorePointId;
  readonly as: ClosedState;
}

/** The one thing to do next for an account. A repeated call finds what an earlier one did and goes on from there. */
export type ContainStep =
  | { readonly kind: 'done'; readonly outcome: ContainOutcome; readonly close: ClosingOf | null }
  /** Seal the live hash, after closing a restore point that can no longer be used. */
  | { readonly kind: 'seal'; readonly close: ClosingOf | null }
  /** Sealed before, and the directory still holds the sealed hash: swap it for that restore point's own marker. */
  | { readonly kind: 'swap' }
  /** Swapped before: end the sessions and record the receipts. */
  | { readonly kind: 'finish' };

/**
 * @param mine the restore point that this plan ever made for the account
 * @param other the account's open restore point of another plan
 * @param frozenDigest SHA-256 of the hash that the plan was frozen on
 */
export function decideContainStep(
  live: LiveCredential,
  mine: RestorePointFacts | null,
  other: RestorePointFacts | null,
  frozenDigest: string,
): ContainStep {
  if (live.kind === 'missing') return done('missing');
  return mine === null ? begin(live, other, frozenDigest) : goOn(live, mine);
}

function begin(
  live: Exclude<LiveCredential, { kind: 'missing' }>,
  other: RestorePointFacts | null,
  frozenDigest: string,
): ContainStep {
  switch (live.kind) {
    case 'none':
      return done('passwordless');
    case 'marker':
      return done('already-quarantined');
    case 'hash':
      if (live.digest !== frozenDigest) return done('changed-since');
      if (other === null) return { kind: 'seal', close: null };
      if (other.hashDigest !== live.digest) return { kind: 'seal', close: { id: other.id, as: 'retired' } };
      // The other plan holds this very hash. Given back already: its way back is used up. Not yet taken: it is about
      // to be, and two plans must not race for one credential.
      return other.containedAt === null ? done('failed') : { kind: 'seal', close: { id: other.id, as: 'restored' } };
    default:
      return assertNever(live);
  }
}

function goOn(live: LiveCredential, mine: RestorePointFacts): ContainStep {
  if (mine.containedAt !== null) {
    // The effect was made once. Whatever the directory holds now, this plan does not make it again, and once its
    // restore point is closed it does nothing more at all: sessions that were never ended have no receipt.
    return isOpen(mine.state) && mine.sessionsEndedAt === null ? { kind: 'finish' } : done('contained');
  }
  if (live.kind === 'marker' && live.restorePoint === mine.id) {
    // A swap that landed after its restore point was closed is for a person to see and for a retraction to undo.
    return isOpen(mine.state) ? { kind: 'finish' } : done('unknown');
  }
  if (!isOpen(mine.state)) return done('changed-since');
  if (live.kind === 'hash' && live.digest === mine.hashDigest) return { kind: 'swap' };
  return { kind: 'done', outcome: 'changed-since', close: { id: mine.id, as: 'retired' } };
}

function done(outcome: ContainOutcome): ContainStep {
  return { kind: 'done', outcome, close: null };
}
