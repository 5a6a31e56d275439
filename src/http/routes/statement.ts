import type { OpenAPIHono } from '@hono/zod-openapi';
import { statementRoutes } from '../../contract/statement.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountStatementRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(statementRoutes.write, async (c) =>
    c.json(await services.writeStatement(c.req.valid('param').plan), 200),
  );
}
