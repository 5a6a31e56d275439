import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { takesFrom } from './declare-route.ts';

export const healthRoutes = {
  ready: createRoute({
    ...takesFrom('anyone', { word: 'deployment', problems: ['database-unavailable'] }),
    method: 'get',
    path: '/readyz',
    summary: 'Whether the server can work',
    description: 'Needs no token. Names the deployment, which a request for a token has to name.',
    responses: answers('Ready', z.object({ status: z.literal('ready'), deployment: z.string() })),
  }),
};
