import { invitationCodeBytes, invitationCodeOf } from '../../domain/approval/invitation-code.ts';
import { linkMinutes, maxLinkRequestMs, parseLinkRequest } from '../../domain/approval/link-request.ts';
import { isActive } from '../../domain/approval/operator.ts';
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
    if (!deps.signatures.verify(operator.publicKey, text, signature)) throw refused;
    const made = await addLink(deps.digests, tx, operator.operatorId, { nonce: request.nonce, text, signature });
    if (made === null) throw refused;
    return made;
  });
}

/** In the caller's transaction, with its ledger entry; null where the request was used before. `local`: made with the operator. */
export async function addLink(
  digests: Digests,
  tx: Tx,
  operator: OperatorId,
  request: { readonly nonce: string; readonly text: string; readonly signature: string } | 'local',
): Promise<MadeLink | null> {
  const code = invitationCodeOf(digests.randomHex(invitationCodeBytes));
  const codeHash = digests.sha256(code);
  const now = await tx.approvals.now();
  const expiresAt = new Date(now.getTime() + linkMinutes * 60_000);
  const nonce = request === 'local' ? null : request.nonce;
  if (!(await tx.passkeys.addLink({ codeHash, operatorId: operator, nonce, expiresAt }))) return null;
  const by = request === 'local' ? { by: 'local' } : { request: request.text, signature: request.signature };
  await tx.ledger.append({
    chain: 'installation',
    event: 'operator.link-made',
    body: { operator, link: codeHash, expiresAt: expiresAt.toISOString(), ...by },
  });
  return { operator, code, expiresAt };
}
