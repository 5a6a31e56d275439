import { operatorRoutes } from '../contract/operator.ts';
import type { TokenRequest } from '../domain/approval/token-request.ts';
import type { OperatorId } from '../domain/shared/ids.ts';
import type { OpenedKey } from './local-verbs.ts';
import { writeTokenFile } from './operator-files.ts';
import type { Session } from './session.ts';

/** Under the five minutes that the server takes at most. */
export const signedRequestMs = 4 * 60_000;
export const requestNonceBytes = 16;

export interface TokenWanted {
  readonly deployment: string;
  readonly operator: OperatorId;
  /** As `scopeText` writes it. */
  readonly scope: string;
  readonly hours: number;
  /** Where it goes, 0600. */
  readonly path: string;
}

/** Signs for a new API token and writes it. */
export async function getToken(
  session: Session,
  key: OpenedKey,
  { deployment, operator, scope, hours, path }: TokenWanted,
): Promise<{ readonly id: string; readonly expiresAt: string }> {
  const { digests } = session.world.local.signing;
  const request: TokenRequest = {
    deployment,
    operator,
    purpose: 'token',
    scope,
    hours,
    nonce: digests.randomHex(requestNonceBytes),
    expiry: new Date(session.world.now().getTime() + signedRequestMs).toISOString(),
  };
  const text = digests.canonical(request);
  const issued = await session.anonymous.call(operatorRoutes.issueToken, {
    body: { request: text, signature: key.sign(text) },
  });
  await writeTokenFile(path, issued.token);
  return { id: issued.id, expiresAt: issued.expiresAt };
}
