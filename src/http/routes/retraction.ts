import type { OpenAPIHono } from '@hono/zod-openapi';
import { retractionRoutes } from '../../contract/retraction.ts';
import type { ApiEnv } from '../api-env.ts';
import { failureOfRefusal } from '../failure-of-refusal.ts';
import type { Services } from '../services.ts';

export function mountRetractionRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(retractionRoutes.draft, async (c) => {
    const drafted = await services.draftRetraction(c.req.valid('param').plan, c.get('operator').operatorId);
    const { id, plan, digest, affected, header } = drafted;
    return c.json({ id, plan, digest, affected, header }, 200);
  });

  app.openapi(retractionRoutes.show, async (c) =>
    c.json(await services.showRetraction(c.req.valid('param').subject, c.req.valid('query')), 200),
  );

  app.openapi(retractionRoutes.approve, async (c) => {
    const { retraction } = c.req.valid('param');
    const recorded = await services.approveSubject({
      ...c.req.valid('json'),
      subject: retraction,
      operatorId: c.get('operator').operatorId,
    });
    if (recorded.kind === 'refused') throw failureOfRefusal(recorded.reason, retraction);
    return c.json({ decision: recorded.decision, expiresAt: recorded.expiresAt }, 200);
  });

  app.openapi(retractionRoutes.start, async (c) =>
    c.json(await services.startRetraction(c.req.valid('param').retraction, c.get('operator').operatorId), 200),
  );
}
