import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';

export const deploymentFacts = z.object({
  deployment: z.string(),
  environment: z.string(),
  directory: z.string(),
  codeVersion: z.string(),
  serviceName: z.string(),
});

export const deploymentRoutes = {
  show: createRoute({
    method: 'get',
    path: '/api/v1/deployment',
    summary: 'What every signed statement names: the deployment and the directory that it serves',
    responses: answers('The deployment', deploymentFacts),
  }),
};
