import { isActive } from '../../domain/approval/operator.ts';
import { maxTokenRequestMs, parseTokenRequest } from '../../domain/approval/token-request.ts';
import { parseScope } from '../../domain/approval/token-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Digests } from '../ports/digests.ts';
import type { Signatures } from '../ports/signatures.ts';
import type { Store } from '../ports/store.ts';
import { makeToken } from './make-token.ts';
import type { IssuedToken } from './make-token.ts';

export interface IssueTokenDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly signatures: Signatures;
  readonly deploymentId: string;
}

/**
 * Gives an active operator a new API token for a signed request (`TokenRequest`), so that nobody but the holder of the key
 * ever sees the token, and nobody on the way makes more of it than was signed. `Failure('unauthenticated')` for anything else, without saying which.
 */
export async function issueToken(deps: IssueTokenDeps, text: string, signature: string): Promise<IssuedToken> {
  const refused = new Failure('unauthenticated', 'The token request is not valid. Sign a new one with your key.');
  const request = parseTokenRequest(text, (value) => deps.digests.canonical(value));
  if (request === null || request.deployment !== deps.deploymentId) throw refused;
  return deps.store.transact(async (tx) => {
    const operator = await tx.operators.read(request.operator);
    const now = await tx.approvals.now();
    const leftMs = Date.parse(request.expiry) - now.getTime();
    if (operator === null || !isActive(operator, now) || leftMs <= 0 || leftMs > maxTokenRequestMs) throw refused;
    if (operator.publicKey === null || !deps.signatures.verify(operator.publicKey, text, signature)) throw refused;
    const issued = await makeToken(deps.digests, tx, {
      operatorId: operator.operatorId,
      scope: parseScope(request.scope) ?? [],
      hours: request.hours,
      nonce: request.nonce,
    });
    if (issued === null) throw refused;
    return issued;
  });
}
