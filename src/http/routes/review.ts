import type { OpenAPIHono } from '@hono/zod-openapi';
import { reviewRoutes } from '../../contract/review.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountReviewRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(reviewRoutes.begin, async (c) =>
    c.json(await services.beginReview(c.req.valid('param').plan, c.get('operator').operatorId), 200),
  );

  app.openapi(reviewRoutes.own, async (c) =>
    c.json(await services.readOwnReview(c.req.valid('param').plan, c.get('operator').operatorId), 200),
  );

  app.openapi(reviewRoutes.read, async (c) => {
    const { plan } = c.req.valid('param');
    const targets = await services.readReviewTargets(plan, c.get('operator').operatorId, c.req.valid('json'));
    return c.json({ targets }, 200);
  });

  app.openapi(reviewRoutes.judge, async (c) => {
    const { plan } = c.req.valid('param');
    const { verdicts } = c.req.valid('json');
    return c.json(await services.recordVerdicts(plan, c.get('operator').operatorId, verdicts), 200);
  });
}
