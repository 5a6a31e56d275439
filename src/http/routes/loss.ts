import type { OpenAPIHono } from '@hono/zod-openapi';
import { lossRoutes } from '../../contract/loss.ts';
import type { ApiEnv } from '../api-env.ts';
import { failureOfRefusal } from '../failure-of-refusal.ts';
import { givenYes } from '../given-yes.ts';
import type { Services } from '../services.ts';

export function mountLossRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(lossRoutes.waiting, async (c) => {
    return c.json(await services.showLoss(), 200);
  });

  app.openapi(lossRoutes.approve, async (c) => {
    const { loss } = c.req.valid('param');
    const recorded = await services.approveSubject({
      ...givenYes(c.req.valid('json')),
      subject: loss,
      operatorId: c.get('operator').operatorId,
    });
    if (recorded.kind === 'refused') throw failureOfRefusal(recorded.reason, loss);
    return c.json({ decision: recorded.decision, expiresAt: recorded.expiresAt.toISOString() }, 200);
  });
}
