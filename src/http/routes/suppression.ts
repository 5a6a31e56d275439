import type { OpenAPIHono } from '@hono/zod-openapi';
import { feedbackRoutes } from '../../contract/feedback.ts';
import { suppressionRoutes } from '../../contract/suppression.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountSuppressionRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(feedbackRoutes.show, async (c) => c.json(await services.showFeedback(), 200));

  app.openapi(suppressionRoutes.list, async (c) => {
    const { limit, notice = null } = c.req.valid('query');
    return c.json(await services.listSuppressions(limit, notice), 200);
  });

  app.openapi(suppressionRoutes.remove, async (c) =>
    c.json(await services.removeSuppression(c.req.valid('json').notice, c.get('operator').operatorId), 200),
  );
}
