import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Caller } from '../../app/operator/authenticate-token.ts';
import { sessionRoutes } from '../../contract/session.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';
import { dropSessionCookie, setSessionCookie } from './session-cookie.ts';

export function mountSessionRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  const { consoleOrigin } = services;

  app.openapi(sessionRoutes.options, async (c) =>
    c.json({ ...(await services.beginSignIn()), oidc: services.oidc !== null }, 200),
  );

  app.openapi(sessionRoutes.begin, async (c) => {
    const { secret, expiresAt } = await services.signIn(c.req.valid('json'));
    const caller = await services.authenticateSession(secret, false);
    setSessionCookie(c, consoleOrigin, secret, expiresAt);
    return c.json(await services.showSession(caller), 200);
  });

  app.openapi(sessionRoutes.current, async (c) => c.json(await services.showSession(c.get('caller')), 200));

  app.openapi(sessionRoutes.end, async (c) => {
    const ended = await services.endSession(c.get('caller'), null);
    dropSessionCookie(c, consoleOrigin);
    return c.json({ ended }, 200);
  });

  app.openapi(sessionRoutes.list, async (c) => {
    const sessions = await services.listSessions(c.get('operator').operatorId);
    return c.json({ sessions: sessions.map((one) => ({ ...one, isThis: one.id === ownSession(c) })) }, 200);
  });

  app.openapi(sessionRoutes.revoke, async (c) => {
    const ended = await services.endSession(c.get('caller'), c.req.valid('param').session);
    return c.json({ ended }, 200);
  });
}

function ownSession(c: Context<ApiEnv>): string | null {
  const caller: Caller = c.get('caller');
  return caller.session?.session ?? null;
}
