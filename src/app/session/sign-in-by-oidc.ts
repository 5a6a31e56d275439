import { isActive } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { IdentityProvider, ProvedIdentity } from '../ports/identity-provider.ts';
import type { Store, Tx } from '../ports/store.ts';
import { openSession } from './open-session.ts';
import type { OpenedSession, SessionLimits } from './open-session.ts';

export interface OidcDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly identityProvider: IdentityProvider;
  readonly limits: SessionLimits;
}

/**
 * Opens a session for an active operator whom the provider knows: by the subject that was bound to them, else by an
 * address that the provider verified, which binds it. Nobody is made an operator here. `Failure('unauthenticated')`, with
 * one and the same message, for everybody else.
 */
export async function signInByOidc(deps: OidcDeps, callbackUrl: string, begun: string): Promise<OpenedSession> {
  const refused = new Failure(
    'unauthenticated',
    'This account signs nobody in here: it is bound to no operator, or the answer came too late. Sign in with your passkey.',
  );
  const proved = await deps.identityProvider.finish(callbackUrl, begun);
  if (proved === null) throw refused;
  return deps.store.transact(async (tx) => {
    await tx.operators.lock();
    const operatorId = (await tx.sessions.boundTo(proved)) ?? (await bindByAddress(deps, tx, proved));
    const operator = operatorId === null ? null : await tx.operators.read(operatorId);
    if (operator === null || !isActive(operator, await tx.approvals.now())) throw refused;
    const of = { operatorId: operator.operatorId, passkey: null, challenge: proved.answer };
    const opened = await openSession(deps.digests, tx, of, deps.limits);
    if (opened === null) throw refused;
    return opened;
  });
}

async function bindByAddress({ digests }: OidcDeps, tx: Tx, proved: ProvedIdentity): Promise<OperatorId | null> {
  const { email, issuer, subject } = proved;
  if (email === null) return null;
  const now = await tx.approvals.now();
  const operator = (await tx.operators.list()).find((one) => one.email.toLowerCase() === email.toLowerCase());
  if (operator === undefined || !isActive(operator, now)) return null;
  const { operatorId } = operator;
  // Another subject with the same address is another person, or the address changed hands.
  if (!(await tx.sessions.bind(proved, operatorId))) return null;
  await tx.ledger.append({
    chain: 'installation',
    event: 'identity.bound',
    body: { operator: operatorId, issuer, subject: digests.sha256(subject) },
  });
  return operatorId;
}
