import type { OpenAPIHono } from '@hono/zod-openapi';
import { passwordCheckRoutes } from '../../contract/password-check.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountPasswordCheckRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(passwordCheckRoutes.check, async (c) => {
    try {
      const { allowed } = await services.checkPassword(c.req.valid('json'));
      return c.json({ allowed }, 200);
    } catch (error) {
      // One answer for every failure: the service treats it as no, and learns nothing about the account from it.
      throw new Failure('database-unavailable', 'Whether this password may be taken cannot be told now.', {}, error);
    }
  });
}
