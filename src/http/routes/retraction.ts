import type { OpenAPIHono } from '@hono/zod-openapi';
import { retractionRoutes } from '../../contract/retraction.ts';
import { answerLines } from '../answer-stream.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { cursorOf, readCursor } from '../cursor.ts';
import { requireMatch } from '../entity-tag.ts';
import { failureOfRefusal } from '../failure-of-refusal.ts';
import { givenYes } from '../given-yes.ts';
import type { Services } from '../services.ts';

export function mountRetractionRoutes(app: OpenAPIHono<ApiEnv>, services: Services, log: HttpLog): void {
  app.openapi(retractionRoutes.draft, async (c) => {
    const drafted = await services.draftRetraction(c.req.valid('param').plan, c.get('operator').operatorId);
    const { id, plan, digest, affected, header } = drafted;
    return c.json({ id, plan, digest, affected, header }, 200);
  });

  app.openapi(retractionRoutes.list, async (c) =>
    c.json({ retractions: await services.retractionsOf(c.req.valid('param').plan) }, 200),
  );

  app.openapi(retractionRoutes.show, async (c) =>
    c.json(await shownWithCursor(services, c.req.valid('param').subject), 200),
  );

  for (const onlyRemainder of [false, true]) {
    app.openapi(onlyRemainder ? retractionRoutes.remainder : retractionRoutes.lines, async (c) => {
      const { retraction } = c.req.valid('param');
      const { limit, after } = c.req.valid('query');
      const list = `${retraction}${onlyRemainder ? '/remainder' : ''}`;
      const page = { after: readCursor(list, after), limit, onlyRemainder };
      const { action, lines, next } = await services.listRetraction(retraction, page);
      return c.json({ action, lines, next: next === null ? null : cursorOf(list, next) }, 200);
    });
  }

  app.openapi(retractionRoutes.export, (c) =>
    answerLines(c, log, services.exportRetraction(c.req.valid('param').retraction, c.get('operator').operatorId)),
  );

  app.openapi(retractionRoutes.approve, async (c) => {
    const { retraction } = c.req.valid('param');
    await requireMatch(c, retraction, () => shownWithCursor(services, retraction));
    const recorded = await services.approveSubject({
      ...givenYes(c.req.valid('json')),
      subject: retraction,
      operatorId: c.get('operator').operatorId,
    });
    if (recorded.kind === 'refused') throw failureOfRefusal(recorded.reason, retraction);
    return c.json({ decision: recorded.decision, expiresAt: recorded.expiresAt }, 200);
  });

  app.openapi(retractionRoutes.start, async (c) => {
    const { retraction } = c.req.valid('param');
    await requireMatch(c, retraction, () => shownWithCursor(services, retraction));
    return c.json(await services.startRetraction(retraction, c.get('operator').operatorId), 200);
  });
}

async function shownWithCursor(services: Services, subject: RetractionId | PlanId) {
  const { nextOrdinal, ...shown } = await services.showRetraction(subject);
  return { ...shown, next: nextOrdinal === null ? null : cursorOf(shown.retraction, nextOrdinal - 1) };
}
