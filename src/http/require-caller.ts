import type { MiddlewareHandler } from 'hono';
import { Failure } from '../domain/shared/failure.ts';
import type { ApiEnv } from './api-env.ts';
import type { Services } from './services.ts';

/** The service beside us asks here, by its own token: it is nobody's operator. */
const servicePath = '/api/v1/password-checks';
/** The body is signed with the operator's key, of an invited one with the key that it brings beside the code, and nothing is done for a signature that does not verify. */
const signedPaths: readonly string[] = ['/api/v1/tokens', '/api/v1/operators/acceptances'];

/**
 * Stands before every route of the API, also before those that are not there: a stranger cannot even learn which are.
 * There is one role: every active operator may call every route; what takes two people is held by approvals.
 */
export function requireCaller(services: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (signedPaths.includes(c.req.path) && c.req.method === 'POST') return next();
    const token = bearerOf(c.req.header('authorization'));
    if (c.req.path === servicePath) {
      if (!services.isServiceToken(token)) {
        throw new Failure('unauthenticated', 'This is not the token of the service. See ALLCLEAR_SERVICE_TOKEN.');
      }
      return next();
    }
    c.set('operator', await services.authenticate(token));
    return next();
  };
}

/** The token of `Authorization: Bearer <token>` (RFC 6750 section 2.1); never taken from a URL. */
function bearerOf(header: string | undefined): string {
  const token = /^Bearer ([A-Za-z0-9._~+/-]{1,500}=*)$/i.exec(header ?? '')?.[1];
  if (token === undefined) {
    throw new Failure(
      'unauthenticated',
      'The request names nobody. Send "Authorization: Bearer <token>"; the command line does so with --as NAME.',
    );
  }
  return token;
}
