import { invitationCodeBytes, invitationCodeOf } from '../../domain/approval/invitation-code.ts';
import {
  linkMinutes,
  linkToProposedMinutes,
  maxLinkRequestMs,
  parseLinkRequest,
} from '../../domain/approval/link-request.ts';
import { isActive, isEmptyHanded } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Signatures } from '../ports/signatures.ts';
import type { Store, Tx } from '../ports/store.ts';

export interface MadeLink {
  readonly operator: OperatorId;
  /** Shown once; only its SHA-256 is stored. */
  readonly code: string;
  readonly expiresAt: Date;
}

export interface MakeLinkDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly signatures: Signatures;
  readonly deploymentId: string;
}

/**
 * Gives an active operator a one-time code for a passkey, for a request signed with the key that two others admitted
 * (`LinkRequest`): whoever holds no key of theirs adds none. `Failure('unauthenticated')` for anything else, without
 * saying which.
 */
export async function makeLink(deps: MakeLinkDeps, text: string, signature: string): Promise<MadeLink> {
  const refused = new Failure('unauthenticated', 'The request for a link is not valid. Sign a new one with your key.');
  const request = parseLinkRequest(text, (value) => deps.digests.canonical(value));
  if (request === null || request.deployment !== deps.deploymentId) throw refused;
  return deps.store.transact(async (tx) => {
    const operator = await tx.operators.read(request.operator);
    const now = await tx.approvals.now();
    const leftMs = Date.parse(request.expiry) - now.getTime();
    if (operator === null || !isActive(operator, now) || leftMs <= 0 || leftMs > maxLinkRequestMs) throw refused;
    if (operator.publicKey === null || !deps.signatures.verify(operator.publicKey, text, signature)) throw refused;
    const made = await addLink(deps.digests, tx, operator.operatorId, { nonce: request.nonce, text, signature });
    if (made === null) throw refused;
    return made;
  });
}

export interface InvitePersonDeps {
  readonly store: Store;
  readonly digests: Digests;
}

/**
 * Gives an operator the link for somebody who is proposed and has neither key nor passkey. What is made by it may do
 * nothing: two others say yes to exactly that passkey first. `Failure('conflict')` once there is one: a second would leave
 * open which of them two people meant.
 */
export async function makeLinkForProposed(
  { store, digests }: InvitePersonDeps,
  { operator: operatorId, by }: { readonly operator: OperatorId; readonly by: OperatorId },
): Promise<MadeLink> {
  return store.transact(async (tx) => {
    await tx.operators.lock();
    const operator = await tx.operators.read(operatorId);
    if (operator === null) throw new Failure('not-found', `There is no ${operatorId}.`);
    if (operator.state !== 'pending' || !isEmptyHanded(operator)) {
      throw new Failure(
        'conflict',
        `${operatorId} is not somebody who was proposed and has no passkey yet. People with a key file make their own link: allclear operator link ${operatorId} --key FILE`,
      );
    }
    const made = await addLink(digests, tx, operatorId, { by });
    if (made === null) throw new Failure('internal', `${operatorId} got no link.`);
    return made;
  });
}

/** In the caller's transaction, with its ledger entry; null where the request was used before. `local`: made with the operator. `by`: handed to somebody who is proposed. */
export async function addLink(
  digests: Digests,
  tx: Tx,
  operator: OperatorId,
  request:
    | { readonly nonce: string; readonly text: string; readonly signature: string }
    | { readonly by: OperatorId }
    | 'local',
): Promise<MadeLink | null> {
  const code = invitationCodeOf(digests.randomHex(invitationCodeBytes));
  const codeHash = digests.sha256(code);
  const now = await tx.approvals.now();
  const expiresAt = new Date(now.getTime() + minutesOf(request) * 60_000);
  const isSigned = request !== 'local' && 'nonce' in request;
  const nonce = isSigned ? request.nonce : null;
  if (!(await tx.passkeys.addLink({ codeHash, operatorId: operator, nonce, expiresAt }))) return null;
  const by = isSigned
    ? { request: request.text, signature: request.signature }
    : { by: request === 'local' ? request : request.by };
  await tx.ledger.append({
    chain: 'installation',
    event: 'operator.link-made',
    body: { operator, link: codeHash, expiresAt: expiresAt.toISOString(), ...by },
  });
  return { operator, code, expiresAt };
}

function minutesOf(request: Parameters<typeof addLink>[3]): number {
  return request !== 'local' && 'by' in request ? linkToProposedMinutes : linkMinutes;
}
