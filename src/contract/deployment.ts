import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { needs } from './declare-route.ts';

export const deploymentFacts = z.object({
  deployment: z.string(),
  environment: z.string(),
  directory: z.string(),
  codeVersion: z.string(),
  serviceName: z.string(),
});

export const deploymentRoutes = {
  show: createRoute({
    ...needs('deployment.read', { word: 'deployment' }),
    method: 'get',
    path: '/api/v1/deployment',
    summary: 'What every signed statement names',
    description:
      'The deployment, the directory that it serves, and the version of the code. Approvers sign the first two.',
    responses: answers('The deployment', deploymentFacts),
  }),
};
