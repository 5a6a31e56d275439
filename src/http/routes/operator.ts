import type { OpenAPIHono } from '@hono/zod-openapi';
import { operatorRoutes } from '../../contract/operator.ts';
import type { ApiEnv } from '../api-env.ts';
import { failureOfRefusal } from '../failure-of-refusal.ts';
import type { Services } from '../services.ts';

export function mountOperatorRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(operatorRoutes.list, async (c) => c.json({ operators: await services.listOperators() }, 200));

  app.openapi(operatorRoutes.propose, async (c) => {
    const { operator } = await services.proposeOperator({
      ...c.req.valid('json'),
      by: c.get('operator').operatorId,
    });
    return c.json({ operator }, 200);
  });

  app.openapi(operatorRoutes.decide, async (c) => {
    const decision = await services.decideOperator({
      ...c.req.valid('json'),
      subject: c.req.valid('param').operator,
      operatorId: c.get('operator').operatorId,
    });
    if (decision.kind === 'refused') throw failureOfRefusal(decision.reason, c.req.valid('param').operator);
    return c.json(decision, 200);
  });

  app.openapi(operatorRoutes.invite, async (c) => {
    const issued = await services.inviteOperator({ ...c.req.valid('json'), by: c.get('operator').operatorId });
    return c.json(issued, 200);
  });

  app.openapi(operatorRoutes.accept, async (c) =>
    c.json({ operator: await services.acceptInvitation(c.req.valid('json')) }, 200),
  );

  app.openapi(operatorRoutes.issueToken, async (c) => {
    const { request, signature } = c.req.valid('json');
    return c.json(await services.issueToken(request, signature), 200);
  });
}
