import type { Lane, PlacedAccount, PlacingEvidence, Placement } from './place-account.ts';

/** What an account of a plan may be suspended for. A leaked password says nothing of what its holder does. */
export function isGroundForSuspension(evidence: Pick<PlacingEvidence, 'class'>): boolean {
  return evidence.class === 'observed' || evidence.class === 'reported';
}

/**
 * Where one account belongs in a plan that suspends. `account` is null where the directory no longer has it. Whoever is suspended
 * already stays so by whoever did it; staff, machines and businesses are signed out and left to a person.
 */
export function placeForSuspension(
  account: PlacedAccount | null,
  evidence: readonly PlacingEvidence[],
  isSuspended: boolean,
  endsSessions: boolean,
): Placement {
  const grounds = evidence.filter(isGroundForSuspension);
  if (grounds.length === 0) {
    const hasLeak = evidence.some((item) => item.class === 'verified');
    return { kind: 'excluded', reason: hasLeak ? 'leaked-password-is-no-ground' : 'weak-evidence-only' };
  }
  if (account === null) return { kind: 'excluded', reason: 'account-missing' };
  if (isSuspended) return { kind: 'excluded', reason: 'already-suspended' };
  const reason = grounds.some((item) => item.class === 'observed')
    ? 'observed by a rule of the service'
    : 'named in a report';
  if (account.protectedAs !== null)
    return endsSessions
      ? { kind: 'target', lane: 'protected', effect: 'end-sessions', tell: false, reason }
      : { kind: 'excluded', reason: 'sessions-cannot-be-ended' };
  const earliest = grounds.reduce((first, item) => (item.at < first ? item.at : first), grounds[0]?.at ?? new Date(0));
  const lane: Lane =
    account.addressChangedAt !== null && account.addressChangedAt > earliest
      ? 'address-changed'
      : account.address === null || !account.addressConfirmed
        ? 'no-confirmed-address'
        : 'main';
  return { kind: 'target', lane, effect: 'suspend', tell: lane === 'main', reason };
}
