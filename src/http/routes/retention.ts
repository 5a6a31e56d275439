import type { OpenAPIHono } from '@hono/zod-openapi';
import { retentionRoutes } from '../../contract/retention.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountRetentionRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(retentionRoutes.preview, async (c) => c.json(await services.previewRetention(), 200));
  app.openapi(retentionRoutes.run, async (c) => c.json(await services.runRetention(c.get('operator').operatorId), 200));
}
