import type { OpenAPIHono } from '@hono/zod-openapi';
import { appealRoutes } from '../../contract/appeal.ts';
import type { AppealAnswer } from '../../contract/appeal.ts';
import type { Appeal } from '../../domain/appeal/appeal.ts';
import type { ApiEnv } from '../api-env.ts';
import { pageOf } from '../cursor.ts';
import type { Services } from '../services.ts';

export function mountAppealRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(appealRoutes.list, async (c) => {
    const { state, limit, after } = c.req.valid('query');
    const { open, appeals } = await services.listAppeals(state, limit + 1, after ?? null);
    const { page, next } = pageOf(appeals, limit, ({ id }) => id);
    return c.json({ open, appeals: page.map(answerOf), next }, 200);
  });

  app.openapi(appealRoutes.show, async (c) =>
    c.json(answerOf(await services.showAppeal(c.req.valid('param').appeal)), 200),
  );

  app.openapi(appealRoutes.decide, async (c) => {
    const { decision, reason } = c.req.valid('json');
    const by = c.get('operator').operatorId;
    return c.json(
      answerOf(await services.decideAppeal({ appeal: c.req.valid('param').appeal, decision, reason, by })),
      200,
    );
  });
}

function answerOf(appeal: Appeal): AppealAnswer {
  return {
    ...appeal,
    openedAt: appeal.openedAt.toISOString(),
    decidedAt: appeal.decidedAt?.toISOString() ?? null,
  };
}
