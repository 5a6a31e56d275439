import { createRoute, z } from '@hono/zod-openapi';
import { needs } from './declare-route.ts';

export const metricsRoutes = {
  read: createRoute({
    ...needs('metrics.read', { word: 'deployment' }),
    method: 'get',
    path: '/metrics',
    summary: 'The figures of this server',
    description:
      'In the text format of Prometheus. Counts of people and halts tell a thief how it goes, so it asks for a token like the API.',
    responses: { 200: { description: 'The figures', content: { 'text/plain': { schema: z.string() } } } },
  }),
};
