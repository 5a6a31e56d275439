import type { OpenAPIHono } from '@hono/zod-openapi';
import { drillRoutes } from '../../contract/drill.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountDrillRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  // It asks who calls by itself, as its own server: the same people, by copies of the same tokens.
  app.all('/drill/api/*', (c) => services.forwardToDrill(c.req.raw, c.get('clientAddress')));

  app.openapi(drillRoutes.begin, async (c) => c.json(await services.beginDrill(c.get('operator').operatorId), 200));

  app.openapi(drillRoutes.list, async (c) => c.json(await services.listDrills(c.req.valid('query').limit), 200));

  app.openapi(drillRoutes.newest, async (c) => c.json(await services.showDrill(null), 200));

  app.openapi(drillRoutes.show, async (c) => c.json(await services.showDrill(c.req.valid('param').drill), 200));

  app.openapi(drillRoutes.askOverride, async (c) => {
    const { plan } = c.req.valid('param');
    return c.json(await services.askDrillOverride(plan, c.req.valid('json').reason, c.get('operator').operatorId), 200);
  });

  app.openapi(drillRoutes.readOverride, async (c) =>
    c.json(await services.readDrillOverride(c.req.valid('param').plan), 200),
  );
}
