import { permissions, roleMay } from '../../domain/approval/role.ts';
import type { Permission, Role } from '../../domain/approval/role.ts';
import { mayCall } from '../../domain/approval/token-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, PasskeyId, SessionId } from '../../domain/shared/ids.ts';
import type { Caller } from '../operator/authenticate-token.ts';
import { listPasskeys } from '../passkey/revoke-passkey.ts';
import type { Store } from '../ports/store.ts';

export interface SessionView {
  readonly operator: { readonly id: OperatorId; readonly name: string; readonly role: Role };
  readonly permissions: readonly Permission[];
  readonly by: 'passkey' | 'oidc';
  readonly expiresAt: Date;
  readonly passkeys: readonly { readonly id: PasskeyId; readonly name: string; readonly createdAt: Date }[];
  /** Whether the role may say yes, and there is a passkey to say it with. */
  readonly canApprove: boolean;
}

export interface ShownSession {
  readonly id: SessionId;
  readonly by: 'passkey' | 'oidc';
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

/** What the console has to know of whoever is signed in. `Failure('unauthenticated')` for a token. */
export async function showSession(deps: { readonly store: Store }, caller: Caller): Promise<SessionView> {
  const { operator, session, scope } = caller;
  if (session === undefined) throw new Failure('unauthenticated', 'This is a token and no session. Sign in.');
  const { operatorId: id, name, role } = operator;
  const passkeys = (await listPasskeys(deps, id)).map((one) => {
    return { id: one.passkeyId, name: one.name, createdAt: one.createdAt };
  });
  return {
    operator: { id, name, role },
    permissions: permissions.filter((one) => mayCall(role, scope, one)),
    by: session.by,
    expiresAt: session.expiresAt,
    passkeys,
    canApprove: passkeys.length > 0 && roleMay(role, 'approval.give'),
  };
}

/** One's own that are open; those that were idle for too long may be among them. */
export async function listSessions(
  { store }: { readonly store: Store },
  of: OperatorId,
): Promise<readonly ShownSession[]> {
  const sessions = await store.transact((tx) => tx.sessions.list(of));
  return sessions.map(({ session, by, createdAt, lastSeenAt, expiresAt }) => {
    return { id: session, by, createdAt, lastSeenAt, expiresAt };
  });
}
