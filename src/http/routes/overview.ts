import type { OpenAPIHono } from '@hono/zod-openapi';
import { overviewRoutes } from '../../contract/overview.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountOverviewRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(overviewRoutes.read, async (c) => c.json(await services.readOverview(c.get('operator')), 200));
}
