import type { OpenAPIHono } from '@hono/zod-openapi';
import { deploymentRoutes } from '../../contract/deployment.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountDeploymentRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(deploymentRoutes.settings, async (c) => c.json({ settings: await services.showPolicy() }, 200));
  app.openapi(deploymentRoutes.show, (c) => c.json(services.deployment, 200));
}
