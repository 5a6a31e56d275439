import type { OpenAPIHono } from '@hono/zod-openapi';
import { operatorRoutes } from '../../contract/operator.ts';
import { mayCall } from '../../domain/approval/token-scope.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { ApiEnv } from '../api-env.ts';
import { cursorOf, pageOf, readCursor } from '../cursor.ts';
import { failureOfRefusal } from '../failure-of-refusal.ts';
import { refuseUnless } from '../require-caller.ts';
import { givenYes } from '../given-yes.ts';
import type { Services } from '../services.ts';

export function mountOperatorRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(operatorRoutes.list, async (c) => {
    const { limit, after } = c.req.valid('query');
    const at = readCursor('operators', after);
    const rows = await services.listOperators(limit + 1, at === null ? null : `operator_${at}`);
    const { page, next } = pageOf(rows, limit, (last) => cursorOf('operators', numberOf(last.operatorId)));
    return c.json({ operators: page, next }, 200);
  });

  app.openapi(operatorRoutes.propose, async (c) => {
    const { operator } = await services.proposeOperator({
      ...c.req.valid('json'),
      by: c.get('operator').operatorId,
    });
    return c.json({ operator }, 200);
  });

  app.openapi(operatorRoutes.decide, async (c) => {
    const decision = await services.decideOperator({
      ...givenYes(c.req.valid('json')),
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

  app.openapi(operatorRoutes.listTokens, async (c) => {
    const { of } = c.req.valid('query');
    if (of === 'everybody') refuseUnless(c, 'token.manage');
    const tokens = await services.listTokens(of === 'everybody' ? null : c.get('operator').operatorId);
    return c.json(
      {
        tokens: tokens.map(({ token, operatorId, scope, createdAt, expiresAt, lastUsedAt }) => {
          return { token, operatorId, scope, createdAt, expiresAt, lastUsedAt };
        }),
      },
      200,
    );
  });

  app.openapi(operatorRoutes.revokeToken, async (c) => {
    const { operator, scope } = c.get('caller');
    const revoked = await services.revokeToken({
      ...c.req.valid('param'),
      by: operator.operatorId,
      mayManage: mayCall(operator.role, scope, 'token.manage'),
    });
    return c.json({ revoked }, 200);
  });
}
