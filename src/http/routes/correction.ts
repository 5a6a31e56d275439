import type { OpenAPIHono } from '@hono/zod-openapi';
import { correctionRoutes } from '../../contract/correction.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountCorrectionRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(correctionRoutes.preview, async (c) => {
    const { plan, kind } = c.req.valid('param');
    return c.json(await services.previewCorrection(plan, kind), 200);
  });

  app.openapi(correctionRoutes.send, async (c) => {
    const { plan, kind } = c.req.valid('param');
    const { total } = c.req.valid('json');
    return c.json(await services.sendCorrection(plan, kind, total, c.get('operator').operatorId), 200);
  });
}
