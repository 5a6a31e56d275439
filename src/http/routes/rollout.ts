import type { OpenAPIHono } from '@hono/zod-openapi';
import { rolloutRoutes } from '../../contract/rollout.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountRolloutRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(rolloutRoutes.status, async (c) =>
    c.json(await services.readRolloutStatus(c.req.valid('param').subject), 200),
  );

  app.openapi(rolloutRoutes.resume, async (c) =>
    c.json(await services.resumeRollout(c.req.valid('param').subject, c.get('operator').operatorId), 200),
  );

  app.openapi(rolloutRoutes.halt, async (c) =>
    c.json(await services.haltRollout({ ...c.req.valid('json'), by: c.get('operator').operatorId }), 200),
  );
}
