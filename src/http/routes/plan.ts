import type { OpenAPIHono } from '@hono/zod-openapi';
import { noticePreviewRoutes } from '../../contract/notice-preview.ts';
import { planRoutes } from '../../contract/plan.ts';
import { answerLines, answerStream } from '../answer-stream.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import { cursorOf, pageOf, readCursor } from '../cursor.ts';
import { requireMatch } from '../entity-tag.ts';
import { failureOfRefusal } from '../failure-of-refusal.ts';
import { givenYes } from '../given-yes.ts';
import type { Services } from '../services.ts';

export function mountPlanRoutes(app: OpenAPIHono<ApiEnv>, services: Services, log: HttpLog): void {
  app.openapi(planRoutes.draft, (c) => {
    const { evidence, action, notice, pace, order, budget, suspension } = c.req.valid('json');
    const author = c.get('operator').operatorId;
    return answerStream(c, log, {
      phaseOf: () => 'placing',
      run: async (report) => {
        const { id, digest, total, header } = await services.draftPlan(
          { batches: evidence, action, suspension, notice, author, limits: { pace, order, budget } },
          (placed) => report({ phase: 'placing', placed }),
        );
        return { id, digest, total, header };
      },
    });
  });

  app.openapi(planRoutes.list, async (c) => {
    const { limit, after } = c.req.valid('query');
    const at = readCursor('plans', after);
    const rows = await services.listPlans(limit + 1, at === null ? null : `plan_${at}`);
    const { page, next } = pageOf(rows, limit, (last) => cursorOf('plans', numberOf(last.id)));
    return c.json({ plans: page.map((plan) => ({ ...plan, digest: String(plan.digest) })), next }, 200);
  });

  app.openapi(planRoutes.show, async (c) => c.json(await services.showPlan(c.req.valid('param').plan), 200));

  app.openapi(noticePreviewRoutes.read, async (c) =>
    c.json(await services.previewNotices(c.req.valid('param').plan), 200),
  );

  app.openapi(planRoutes.export, (c) =>
    answerLines(c, log, services.exportPlan(c.req.valid('param').plan, c.get('operator').operatorId)),
  );

  app.openapi(planRoutes.rehearse, async (c) => {
    const { plan } = c.req.valid('param');
    const { to } = c.req.valid('json');
    await requireMatch(c, plan, () => services.showPlan(plan));
    return c.json(await services.rehearsePlan(plan, to, c.get('operator').operatorId), 200);
  });

  app.openapi(planRoutes.approve, async (c) => {
    const { plan } = c.req.valid('param');
    await requireMatch(c, plan, () => services.showPlan(plan));
    const recorded = await services.approveSubject({
      ...givenYes(c.req.valid('json')),
      subject: plan,
      operatorId: c.get('operator').operatorId,
    });
    if (recorded.kind === 'refused') throw failureOfRefusal(recorded.reason, plan);
    return c.json({ decision: recorded.decision, expiresAt: recorded.expiresAt }, 200);
  });

  app.openapi(planRoutes.start, async (c) => {
    const { plan } = c.req.valid('param');
    await requireMatch(c, plan, () => services.showPlan(plan));
    const rolloutNo = await services.startRollout(plan, c.req.valid('json').total, c.get('operator').operatorId);
    return c.json({ rolloutNo }, 200);
  });
}
