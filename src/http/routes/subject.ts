import type { OpenAPIHono } from '@hono/zod-openapi';
import { subjectRoutes } from '../../contract/subject.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountSubjectRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(subjectRoutes.export, async (c) =>
    c.json(await services.exportSubject(c.req.valid('json').query, c.get('operator').operatorId), 200),
  );
  app.openapi(subjectRoutes.previewErasure, async (c) =>
    c.json(await services.previewErasure(c.req.valid('json').query), 200),
  );
  app.openapi(subjectRoutes.erase, async (c) =>
    c.json(await services.eraseSubject(c.req.valid('json').query, c.get('operator').operatorId), 200),
  );
}
