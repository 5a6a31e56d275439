import type { OpenAPIHono } from '@hono/zod-openapi';
import { feedbackRoutes } from '../../contract/feedback.ts';
import { suppressionRoutes } from '../../contract/suppression.ts';
import type { SuppressionPlace } from '../../app/ports/feedback-store.ts';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountSuppressionRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(feedbackRoutes.show, async (c) => c.json(await services.showFeedback(), 200));

  app.openapi(suppressionRoutes.list, async (c) => {
    const { limit, after, notice = null } = c.req.valid('query');
    const listed = await services.listSuppressions(limit, notice, after === undefined ? null : readPlace(after));
    return c.json({ ...listed, next: listed.next === null ? null : placeText(listed.next) }, 200);
  });

  app.openapi(suppressionRoutes.remove, async (c) =>
    c.json(await services.removeSuppression(c.req.valid('json').notice, c.get('operator').operatorId), 200),
  );
}

function placeText({ suppressedAtUs, noticeNumber }: SuppressionPlace): string {
  return `${suppressedAtUs}.${noticeNumber}`;
}

function readPlace(after: string): SuppressionPlace {
  const [, us = '', notice = ''] = /^([1-9][0-9]{0,15})\.(.+)$/.exec(after) ?? [];
  const noticeNumber = parseNoticeNumber(notice);
  if (noticeNumber === null || !Number.isSafeInteger(Number(us)))
    throw new Failure('usage', '"after" in the query is no cursor of this list. Take "next" of its last page.');
  return { suppressedAtUs: Number(us), noticeNumber };
}
