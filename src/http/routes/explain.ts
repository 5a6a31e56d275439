import type { OpenAPIHono } from '@hono/zod-openapi';
import { explainRoutes } from '../../contract/explain.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountExplainRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(explainRoutes.explain, async (c) =>
    c.json(await services.explain(c.req.valid('json').query, c.get('operator').operatorId), 200),
  );
}
