import { invitationCodeBytes, invitationCodeOf } from '../../domain/approval/invitation-code.ts';
import { maxInvitationRequestMs, parseInvitationRequest } from '../../domain/approval/invitation-request.ts';
import { isActive } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Signatures } from '../ports/signatures.ts';
import type { Store } from '../ports/store.ts';
import { refuseUnfitName, samePersonOf } from './operator-fit.ts';

export interface InvitationDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly signatures: Signatures;
  readonly deploymentId: string;
  /** Of the configuration now: the invitation is for the small profile alone. */
  readonly profile: 'standard' | 'small';
}

export interface GivenInvitation {
  /** The signed `InvitationRequest`, byte for byte, and its signature. */
  readonly request: string;
  readonly signature: string;
  readonly by: OperatorId;
}

export interface IssuedInvitation {
  /** Shown once; only its SHA-256 is stored. */
  readonly code: string;
  readonly expiresAt: Date;
}

/**
 * Invites the second person ever, by a code that works once. One signature is sound here, and only here: while there is
 * one operator, nothing can be approved, and whoever runs the server alone could make a second one on it anyway; this one
 * at least has a key that never was on that machine. A newer invitation closes the ones before.
 */
export async function inviteOperator(deps: InvitationDeps, given: GivenInvitation): Promise<IssuedInvitation> {
  refuseOutsideSmall(deps.profile);
  const request = parseInvitationRequest(given.request, (value) => deps.digests.canonical(value));
  if (request === null || request.deployment !== deps.deploymentId) {
    throw new Failure(
      'usage',
      'The invitation is not the RFC 8785 text of its seven fields, or is for another deployment.',
    );
  }
  refuseUnfitName(request);
  return deps.store.transact(async (tx) => {
    await tx.operators.lock();
    const existing = await tx.operators.list();
    const now = await tx.approvals.now();
    const inviter = existing.find((one) => one.operatorId === given.by);
    const leftMs = Date.parse(request.expiry) - now.getTime();
    if (inviter === undefined || !isActive(inviter, now)) {
      throw new Failure('forbidden', `${given.by} is not an active operator and cannot invite another.`);
    }
    if (inviter.publicKey === null || !deps.signatures.verify(inviter.publicKey, given.request, given.signature)) {
      throw new Failure('signature-invalid', 'The invitation was not signed with your key. Nobody was invited.');
    }
    if (leftMs <= 0 || leftMs > maxInvitationRequestMs) {
      throw new Failure(
        'approval-expired',
        'The signed invitation is too old or too long. Sign a new one; compare the clocks.',
      );
    }
    refuseSecondPerson(existing);
    if (samePersonOf(existing, { ...request, publicKey: null }) !== null) {
      throw new Failure(
        'conflict',
        'This is your own address. The second person is another person, with another address.',
      );
    }
    const code = invitationCodeOf(deps.digests.randomHex(invitationCodeBytes));
    const codeHash = deps.digests.sha256(code);
    const expiresAt = new Date(now.getTime() + request.hours * 3_600_000);
    const { name, email, nonce } = request;
    await tx.invitations.closeAll(null);
    if (!(await tx.invitations.add({ codeHash, name, email, nonce, invitedBy: given.by, expiresAt }))) {
      throw new Failure('conflict', 'This very invitation was sent before. Sign a new one.');
    }
    await tx.ledger.append({
      chain: 'installation',
      event: 'operator.invited',
      body: { by: given.by, invitation: codeHash, expiresAt: expiresAt.toISOString() },
      personal: { name, email },
    });
    return { code, expiresAt };
  });
}

export function refuseOutsideSmall(profile: InvitationDeps['profile']): void {
  if (profile === 'small') return;
  throw new Failure(
    'guardrail-failed',
    'One person may invite another in the small profile only (ALLCLEAR_PROFILE=small). ' +
      "Make the second operator on the server's machine: allclear operator add",
  );
}

/** All that ever were, also suspended ones: else one could suspend one's way back to being alone. */
function refuseSecondPerson(existing: readonly Operator[]): void {
  if (existing.length === 1) return;
  throw new Failure(
    'needs-approval',
    'A second operator is there already. From here on an operator proposes (allclear operator add --as NAME) and two say yes.',
  );
}
