import { operatorRoutes } from '../contract/operator.ts';
import type { TokenRequest } from '../domain/approval/token-request.ts';
import type { OperatorId } from '../domain/shared/ids.ts';
import type { OpenedKey } from './local-verbs.ts';
import { tokenFile, writeTokenFile } from './operator-files.ts';
import type { Session } from './session.ts';

/** Under the five minutes that the server takes at most. */
export const signedRequestMs = 4 * 60_000;
export const requestNonceBytes = 16;

/** Signs for a new API token and writes it where `--as` finds it. */
export async function getToken(
  session: Session,
  deployment: string,
  operator: OperatorId,
  key: OpenedKey,
  name: string,
): Promise<{ readonly path: string; readonly expiresAt: string }> {
  const { digests } = session.world.local.signing;
  const request: TokenRequest = {
    deployment,
    operator,
    purpose: 'token',
    nonce: digests.randomHex(requestNonceBytes),
    expiry: new Date(session.world.now().getTime() + signedRequestMs).toISOString(),
  };
  const text = digests.canonical(request);
  const issued = await session.anonymous.call(operatorRoutes.issueToken, {
    body: { request: text, signature: key.sign(text) },
  });
  const path = tokenFile(session.settings.home, name);
  await writeTokenFile(path, issued.token);
  return { path, expiresAt: issued.expiresAt };
}
