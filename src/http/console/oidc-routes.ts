import { Hono } from 'hono';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Failure } from '../../domain/shared/failure.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import type { ApiLimits } from '../api-limits.ts';
import { failureOf, problemOf } from '../problem-of.ts';
import type { Services } from '../services.ts';
import { addOidcHeaders, continuePage, refusedPage } from './oidc-page.ts';
import { setSessionCookie } from './session-cookie.ts';
import { isSameOrigin } from './session-origin.ts';

const path = '/auth/oidc';
const cookieName = 'allclear_oidc';
/** As long as the sign-in at the provider may take. */
const begunSeconds = 600;
/** What a provider appends to the address. */
const queryMax = 4_096;

/**
 * `/auth/oidc`. A GET changes nothing here: the browser comes back to a page with one button, and its POST signs in. The
 * session's cookie would not be sent after a redirect from another site either.
 */
export function makeOidcRoutes(services: Services, limits: ApiLimits, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const options = { path, httpOnly: true, sameSite: 'Lax' as const };

  const isSecure = (): boolean => services.consoleOrigin.startsWith('https:');

  function requireProvider(): NonNullable<Services['oidc']> {
    if (services.oidc !== null) return services.oidc;
    throw new Failure('not-found', 'There is nothing at this address.');
  }

  async function refuse(c: Context<ApiEnv>, error: unknown): Promise<Response> {
    const failure = failureOf(error);
    const { status } = problemOf(failure, c.get('requestId'));
    if (status >= 500) {
      log.error({ err: error, requestId: c.get('requestId'), code: failure.code }, 'a sign-in by OIDC failed');
    }
    const words =
      status >= 500 ? 'The sign-in of your organisation does not answer. Use your passkey.' : failure.message;
    return c.html(refusedPage(words), status as 400);
  }

  app.use(addOidcHeaders);

  app.get('/', async (c) => {
    try {
      limits.takeOpen(c.get('clientAddress'));
      const { url, begun } = await requireProvider().begin();
      setCookie(c, cookieName, begun, { ...options, secure: isSecure(), maxAge: begunSeconds });
      return c.redirect(url, 302);
    } catch (error) {
      return refuse(c, error);
    }
  });

  app.get('/callback', (c) => {
    const { search } = new URL(c.req.url);
    return search.length > queryMax
      ? c.html(refusedPage('The answer is too long.'), 400)
      : c.html(continuePage(search));
  });

  app.post('/callback', async (c) => {
    try {
      const provider = requireProvider();
      limits.takeSigned(c.get('clientAddress'));
      if (!isSameOrigin(c, services.consoleOrigin)) {
        throw new Failure('forbidden', 'This came from another page. Nobody was signed in.');
      }
      const { answer } = await c.req.parseBody();
      const begun = getCookie(c, cookieName);
      const isAnswer = typeof answer === 'string' && answer.length <= queryMax && answer.startsWith('?');
      if (begun === undefined || !isAnswer) {
        throw new Failure('unauthenticated', 'This browser did not begin to sign in here. Begin anew.');
      }
      const { secret, expiresAt } = await provider.finish(`${services.consoleOrigin}${path}/callback${answer}`, begun);
      deleteCookie(c, cookieName, { path });
      setSessionCookie(c, services.consoleOrigin, secret, expiresAt);
      return c.redirect('/console', 303);
    } catch (error) {
      return refuse(c, error);
    }
  });

  return app;
}
