import { digests } from '../adapters/crypto/digests.ts';
import { signatures } from '../adapters/crypto/signing-key.ts';
import { relyingPartyOf } from '../adapters/passkey/relying-party.ts';
import type { HaltAuthenticator } from '../app/operator/authenticate-to-halt.ts';
import { addPasskey, confirmPasskey } from '../app/passkey/add-passkey.ts';
import { beginEnrolment } from '../app/passkey/begin-enrolment.ts';
import { makeLink, makeLinkForProposed } from '../app/passkey/make-link.ts';
import { listPasskeys, revokePasskey } from '../app/passkey/revoke-passkey.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { IdentityProvider } from '../app/ports/identity-provider.ts';
import type { Passkeys } from '../app/ports/passkeys.ts';
import type { Store } from '../app/ports/store.ts';
import { authenticateSession } from '../app/session/authenticate-session.ts';
import { endSession } from '../app/session/end-session.ts';
import { makeSessionUse } from '../app/session/note-session-use.ts';
import type { SessionLimits } from '../app/session/open-session.ts';
import { listSessions, showSession } from '../app/session/show-session.ts';
import { beginSignIn, signIn } from '../app/session/sign-in.ts';
import { signInByOidc } from '../app/session/sign-in-by-oidc.ts';
import type { Services } from '../http/services.ts';

export interface ConsoleParts {
  readonly store: Store;
  readonly deploymentId: string;
  readonly environment: string;
  readonly publicUrl: string;
  readonly passkeys: Passkeys;
  /** Null where none is configured. */
  readonly identityProvider: IdentityProvider | null;
  readonly limits: SessionLimits;
  readonly halters: HaltAuthenticator;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

type ConsoleService =
  | 'consoleOrigin'
  | 'authenticateSession'
  | 'authenticateSessionToHalt'
  | 'beginSignIn'
  | 'signIn'
  | 'oidc'
  | 'showSession'
  | 'listSessions'
  | 'endSession'
  | 'makeLink'
  | 'makeLinkForProposed'
  | 'beginEnrolment'
  | 'confirmPasskey'
  | 'addPasskey'
  | 'listPasskeys'
  | 'revokePasskey';

/** Who signs in to the console, and how. */
export function makeConsoleServices(parts: ConsoleParts): Pick<Services, ConsoleService> {
  const { store, deploymentId, publicUrl, passkeys, identityProvider, limits, halters, clock } = parts;
  const isTrial = parts.environment === 'sample';
  const deps = { store, digests, signatures, deploymentId, passkeys, isTrial, limits };
  const noteUse = makeSessionUse({ store }, () => clock.monotonicMs());
  return {
    consoleOrigin: relyingPartyOf(publicUrl).origin,
    async authenticateSession(secret, isAct) {
      const caller = await authenticateSession(deps, secret);
      halters.remember(secret, caller);
      if (isAct && caller.session !== undefined) noteUse(caller.session.session);
      return caller;
    },
    authenticateSessionToHalt: (secret) =>
      halters.authenticate(secret, (own, text) => authenticateSession({ ...own, limits }, text)),
    beginSignIn: () => beginSignIn(deps),
    signIn: (given) => signIn(deps, given),
    oidc:
      identityProvider === null
        ? null
        : {
            begin: () => identityProvider.begin(),
            finish: (callbackUrl, begun) => signInByOidc({ ...deps, identityProvider }, callbackUrl, begun),
          },
    showSession: (caller) => showSession(deps, caller),
    listSessions: (of) => listSessions(deps, of),
    endSession: (caller, session) => endSession(deps, caller, session),
    makeLink: (request, signature) => makeLink(deps, request, signature),
    makeLinkForProposed: (wanted) => makeLinkForProposed(deps, wanted),
    beginEnrolment: (by) => beginEnrolment(deps, by),
    confirmPasskey: (of, attestation) => confirmPasskey(deps, of, attestation),
    addPasskey: (input) => addPasskey(deps, input),
    listPasskeys: (of) => listPasskeys(deps, of),
    revokePasskey: (input) => revokePasskey(deps, input),
  };
}
