import type { OpenAPIHono } from '@hono/zod-openapi';
import { eventStream, rolloutRoutes } from '../../contract/rollout.ts';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import type { ApiEnv } from '../api-env.ts';
import { cursorOf, pageOf, readCursor } from '../cursor.ts';
import { readId } from '../events/event-place.ts';
import type { EventStreams } from '../events/event-streams.ts';
import type { Services } from '../services.ts';

/** The notice of the last dispute that was given. `Failure('usage')` for what is none. */
function readPlace(after: string): NoticeNumber {
  const number = parseNoticeNumber(after);
  if (number === null)
    throw new Failure('usage', '"after" in the query is no cursor of this list. Take "next" of its last page.');
  return number;
}

export function mountRolloutRoutes(app: OpenAPIHono<ApiEnv>, services: Services, streams: EventStreams): void {
  app.openapi(rolloutRoutes.events, async (c) => {
    const last = c.req.header('last-event-id');
    const after = last === undefined ? null : readId(last);
    if (last !== undefined && after === null)
      throw new Failure('usage', 'The Last-Event-ID is none that this server gave. Leave it out to begin with now.');
    const events = await streams.open(c.get('operator').operatorId, c.req.valid('param').subject, after);
    if (events === null) return c.body(null, 204);
    // A proxy that collects an answer before it passes it on would hold back what somebody waits for.
    return c.body(events, 200, { 'Content-Type': eventStream, 'X-Accel-Buffering': 'no' });
  });

  app.openapi(rolloutRoutes.list, async (c) => {
    const { limit, after } = c.req.valid('query');
    const rows = await services.listRollouts(limit + 1, readCursor('rollouts', after));
    const { page, next } = pageOf(rows, limit, (last) => cursorOf('rollouts', last.no));
    return c.json(
      { rollouts: page.map(({ subject, kind, startedAt, tracks }) => ({ subject, kind, startedAt, tracks })), next },
      200,
    );
  });

  app.openapi(rolloutRoutes.status, async (c) =>
    c.json(await services.readRolloutStatus(c.req.valid('param').subject), 200),
  );

  app.openapi(rolloutRoutes.resume, async (c) =>
    c.json(await services.resumeRollout(c.req.valid('param').subject, c.get('operator').operatorId), 200),
  );

  app.openapi(rolloutRoutes.pause, async (c) =>
    c.json(
      await services.pauseRollout({
        subject: c.req.valid('param').subject,
        by: c.get('operator').operatorId,
        ...c.req.valid('json'),
      }),
      200,
    ),
  );

  app.openapi(rolloutRoutes.disputes, async (c) => {
    const { limit, after } = c.req.valid('query');
    const place = after === undefined ? null : readPlace(after);
    const rows = await services.listDisputes(c.req.valid('param').subject, limit + 1, place);
    const { page, next } = pageOf(rows, limit, ({ noticeNumber }) => noticeNumber);
    return c.json({ disputes: page, next }, 200);
  });

  app.openapi(rolloutRoutes.halt, async (c) =>
    c.json(await services.haltRollout({ ...c.req.valid('json'), by: c.get('operator').operatorId }), 200),
  );
}
