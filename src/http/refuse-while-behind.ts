import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './api-env.ts';
import type { Services } from './services.ts';

/**
 * What may be done on a database that may be older than the world, beside reading: halting, getting the token or the
 * session to halt with, the service's question whether a password may be set and the text that a passkey would sign, which
 * change nothing.
 */
const alwaysAllowed: readonly string[] = [
  '/api/v1/halts',
  '/api/v1/tokens',
  '/api/v1/sessions',
  '/api/v1/sessions/options',
  '/api/v1/sessions/current',
  '/api/v1/password-checks',
  '/api/v1/approvals/options',
];
/** Two people's yes is what ends it. It changes nothing by itself. */
const approvalOfLoss = /^\/api\/v1\/losses\/[^/]+\/approvals$/;

/** Stands before every route that changes something, also before those that are added later. */
export function refuseWhileBehind(services: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    const isAllowed = reads || alwaysAllowed.includes(c.req.path) || approvalOfLoss.test(c.req.path);
    if (!isAllowed) await services.requireStanding();
    return next();
  };
}
