import { parseInvitationCode } from '../../domain/approval/invitation-code.ts';
import { maxInvitationRequestMs, parseAcceptance } from '../../domain/approval/invitation-request.ts';
import { isActive } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { InvitationDeps } from './invite-operator.ts';
import { samePersonOf } from './operator-fit.ts';

export interface GivenAcceptance {
  readonly code: string;
  /** The signed `InvitationAcceptance`, byte for byte, and its signature. */
  readonly acceptance: string;
  readonly signature: string;
}

/**
 * Makes whoever shows the code the second operator, with the key that signed the acceptance. Works once, for the invited
 * address alone, while the inviter is the only operator and still may act. Every refusal is the same
 * `Failure('unauthenticated')`: a stranger learns nothing, and no guess costs the code.
 */
export async function acceptInvitation(deps: InvitationDeps, given: GivenAcceptance): Promise<Operator> {
  const refused = new Failure(
    'unauthenticated',
    'The invitation is not valid: the code is wrong, used, replaced or over, or it is for another address or person. ' +
      'Ask whoever invited you for a new one.',
  );
  const code = parseInvitationCode(given.code);
  const acceptance = parseAcceptance(given.acceptance, (value) => deps.digests.canonical(value));
  if (deps.profile !== 'small' || code === null || acceptance === null) throw refused;
  const codeHash = deps.digests.sha256(code);
  const { publicKey, email } = acceptance;
  if (acceptance.deployment !== deps.deploymentId || acceptance.code !== codeHash) throw refused;
  if (!deps.signatures.verify(publicKey, given.acceptance, given.signature)) throw refused;
  return deps.store.transact(async (tx) => {
    await tx.operators.lock();
    const invitation = await tx.invitations.find(codeHash);
    const existing = await tx.operators.list();
    const now = await tx.approvals.now();
    const leftMs = Date.parse(acceptance.expiry) - now.getTime();
    if (invitation === null || invitation.isClosed || invitation.expiresAt <= now) throw refused;
    if (leftMs <= 0 || leftMs > maxInvitationRequestMs) throw refused;
    if (email.toLowerCase() !== invitation.email.toLowerCase()) throw refused;
    const [inviter] = existing;
    if (existing.length !== 1 || inviter?.operatorId !== invitation.invitedBy || !isActive(inviter, now)) throw refused;
    const { name } = invitation;
    if (samePersonOf(existing, { name, email: invitation.email, publicKey }) !== null) throw refused;
    const operator = await tx.operators.add({
      name,
      email: invitation.email,
      publicKey,
      // Of an outside person a yes is wanted, and nothing that acts.
      role: 'approver',
      state: 'active',
      activeFrom: now,
      addedBy: inviter.operatorId,
    });
    await tx.invitations.closeAll({ no: invitation.no, by: operator.operatorId });
    await tx.ledger.append({
      chain: 'installation',
      event: 'operator.added',
      body: {
        operator: operator.operatorId,
        publicKey,
        role: 'approver',
        activeFrom: now.toISOString(),
        by: [inviter.operatorId],
        invitation: codeHash,
      },
      personal: { name, email: invitation.email },
    });
    return operator;
  });
}
