import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Enroller } from '../../app/passkey/begin-enrolment.ts';
import { passkeyRoutes } from '../../contract/passkey.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';
import { requireSession } from './session-caller.ts';

export function mountPasskeyRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(passkeyRoutes.link, async (c) => {
    const { request, signature } = c.req.valid('json');
    const made = await services.makeLink(request, signature);
    return c.json({ ...made, link: `${services.consoleOrigin}/console/join#${made.code}` }, 200);
  });

  app.openapi(passkeyRoutes.linkForProposed, async (c) => {
    const { operator } = c.req.valid('param');
    const made = await services.makeLinkForProposed({ operator, by: c.get('operator').operatorId });
    return c.json({ ...made, link: `${services.consoleOrigin}/console/join#${made.code}` }, 200);
  });

  app.openapi(passkeyRoutes.options, async (c) => {
    const by = await enrollerOf(c, services, c.req.valid('json').code);
    return c.json({ publicKey: await services.beginEnrolment(by) }, 200);
  });

  app.openapi(passkeyRoutes.confirm, async (c) => {
    const { attestation } = c.req.valid('json');
    return c.json({ publicKey: await services.confirmPasskey(c.get('operator').operatorId, attestation) }, 200);
  });

  app.openapi(passkeyRoutes.add, async (c) => {
    const { code, name, attestation, assertion } = c.req.valid('json');
    const by = await enrollerOf(c, services, code);
    return c.json(await services.addPasskey({ by, name, attestation, assertion: assertion ?? null }), 200);
  });

  app.openapi(passkeyRoutes.list, async (c) => {
    const passkeys = await services.listPasskeys(c.get('operator').operatorId);
    return c.json(
      {
        passkeys: passkeys.map(({ passkeyId, name, createdAt, lastUsedAt, isBackedUp }) => {
          return { id: passkeyId, name, createdAt, lastUsedAt, isBackedUp };
        }),
      },
      200,
    );
  });

  app.openapi(passkeyRoutes.revoke, async (c) => {
    const { passkey } = c.req.valid('param');
    return c.json({ revoked: await services.revokePasskey({ passkey, by: c.get('operator').operatorId }) }, 200);
  });
}

async function enrollerOf(c: Context<ApiEnv>, services: Services, code: string | undefined): Promise<Enroller> {
  if (code !== undefined) return { kind: 'code', code };
  const { operator } = await requireSession(c, services);
  return { kind: 'session', operatorId: operator.operatorId };
}
