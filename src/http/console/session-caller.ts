import type { Context } from 'hono';
import type { Caller } from '../../app/operator/authenticate-token.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';
import { readSessionCookie } from './session-cookie.ts';
import { requireOwnPage } from './session-origin.ts';

/** What a console asks by itself, and no person: it keeps no session open. */
const backgroundHeader = 'X-Allclear-Background';

/**
 * Whether somebody is at work: a page that looks by itself every few seconds would keep a session open for ever, and so
 * would a stream of events, which a browser opens anew by itself and can send no header with.
 */
export function isPersonsAct(c: Context<ApiEnv>): boolean {
  const isStream = c.req.header('accept')?.includes('text/event-stream') === true;
  return !isStream && c.req.header(backgroundHeader) === undefined;
}

/** Who is signed in, on a route that also answers others. `Failure('unauthenticated')`. */
export async function requireSession(c: Context<ApiEnv>, services: Services): Promise<Caller> {
  const secret = readSessionCookie(c, services.consoleOrigin);
  if (secret === null) throw new Failure('unauthenticated', 'You are not signed in.');
  requireOwnPage(c, services.consoleOrigin);
  return services.authenticateSession(secret, true);
}
