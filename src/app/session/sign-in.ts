import { isActive } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { PasskeyDeps } from '../passkey/passkey-deps.ts';
import { requireOrigin } from '../passkey/passkey-deps.ts';
import type { BrowserAnswer, BrowserOptions } from '../ports/passkeys.ts';
import { openSession } from './open-session.ts';
import type { OpenedSession, SessionLimits } from './open-session.ts';

export interface SignInDeps extends PasskeyDeps {
  readonly limits: SessionLimits;
}

/** From the question to the touch. */
const signInMinutes = 2;

/** The same for everybody: no name is asked for, the browser finds the passkey. Writes nothing. */
export async function beginSignIn(
  deps: SignInDeps,
): Promise<{ readonly challengeId: string; readonly publicKey: BrowserOptions }> {
  requireOrigin(deps);
  const now = await deps.store.transact((tx) => tx.approvals.now());
  const challengeId = deps.passkeys.makeChallenge('sign-in', new Date(now.getTime() + signInMinutes * 60_000));
  return { challengeId, publicKey: deps.passkeys.signInOptions(challengeId) };
}

/**
 * Opens a session for whoever answers with a passkey of an active operator. One answer opens one session.
 * `Failure('unauthenticated')`, with one and the same message, for anything else; only whoever holds the passkey of somebody who
 * may not act yet reads what is waited for.
 */
export async function signIn(
  deps: SignInDeps,
  { challengeId, assertion: answer }: { readonly challengeId: string; readonly assertion: BrowserAnswer },
): Promise<OpenedSession> {
  const refused = new Failure(
    'unauthenticated',
    'This passkey signs nobody in: it is not known here, was revoked, or the answer came too late. Try again.',
  );
  const { passkeys, store, digests } = deps;
  const assertion = passkeys.readAssertion(answer);
  if (assertion === null) throw refused;
  return store.transact(async (tx) => {
    const passkey = await tx.passkeys.find(assertion.credentialId);
    const now = await tx.approvals.now();
    if (passkey === null) throw refused;
    const operator = await tx.operators.read(passkey.operatorId);
    const seen = passkeys.verifySignIn(answer, challengeId, passkey, now);
    if (seen === null || operator === null) throw refused;
    if (!isActive(operator, now)) throw notYet(operator, now) ?? refused;
    if (!(await tx.passkeys.noteUse(passkey.passkeyId, seen))) throw refused;
    const { operatorId } = operator;
    const of = { operatorId, passkey: passkey.passkeyId, challenge: challengeId };
    const opened = await openSession(digests, tx, of, deps.limits);
    if (opened === null) throw refused;
    return opened;
  });
}

/** They proved that it is their passkey, and it is no secret that they are proposed. Null for whoever is suspended. */
function notYet({ state, activeFrom }: Operator, now: Date): Failure | null {
  if (state === 'pending')
    return new Failure(
      'unauthenticated',
      'This passkey is yours, and signs you in once two others have said yes to it. They find you under Settings, People, and call you to compare the six words that this browser showed you.',
    );
  if (state === 'active' && activeFrom !== null && activeFrom > now)
    return new Failure(
      'unauthenticated',
      `You are admitted, and may act from ${activeFrom.toISOString()} on. Sign in then.`,
    );
  return null;
}
