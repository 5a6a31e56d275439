import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';

export const healthRoutes = {
  ready: createRoute({
    method: 'get',
    path: '/readyz',
    summary: 'Whether the server can work. Names the deployment, which a request for a token has to name',
    responses: answers('Ready', z.object({ status: z.literal('ready'), deployment: z.string() })),
  }),
};
