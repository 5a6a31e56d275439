import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { needs } from './declare-route.ts';
import { instant } from './typed-ids.ts';

export const deploymentFacts = z.object({
  deployment: z.string(),
  environment: z.string(),
  directory: z.string(),
  codeVersion: z.string(),
  serviceName: z.string(),
});

const policySettings = z.object({
  settings: z
    .array(
      z.object({
        name: z.string(),
        group: z.enum(['directory', 'mail', 'limits']),
        value: z.string(),
        unit: z.string().nullable(),
        meaning: z.string(),
        change: z
          .object({
            at: instant.describe('When a server first ran with it.'),
            before: z.string(),
            account: z.string().nullable().describe('The account of the machine that started that server.'),
          })
          .nullable()
          .describe('The last one; null: as at the first start.'),
      }),
    )
    .readonly(),
});

export const deploymentRoutes = {
  settings: createRoute({
    ...needs('ledger.read', { word: 'deployment', command: 'allclear config show' }),
    method: 'get',
    path: '/api/v1/deployment/settings',
    summary: 'Directory, mail and limits, and who changed what',
    description:
      'The settings that decide who is reached, by whom and how fast, as the running server has them. They are changed in the configuration on its machine; whatever is another than before is in the ledger (`policy.changed`), and everybody who decides is told. No secret is in it.',
    responses: answers('Settings, each with its last change', policySettings),
  }),
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
