import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { needs } from './declare-route.ts';
import { instant } from './typed-ids.ts';

const dueRetention = z.object({
  plans: z.array(z.object({ plan: z.string(), sealed: z.number(), lastRestoreAt: instant })).readonly(),
  closed: z.array(z.object({ plan: z.string(), count: z.number() })).readonly(),
  batches: z.array(z.object({ batch: z.string(), plans: z.array(z.string()).readonly() })).readonly(),
  addresses: z.array(z.object({ plan: z.string(), count: z.number() })).readonly(),
});

const ofPlan = z.object({ plan: z.string(), destroyed: z.number() });

const retentionReport = z.object({
  recovered: z.number().nullable(),
  plans: z.array(ofPlan).readonly(),
  closed: z.array(ofPlan).readonly(),
  batches: z.array(z.object({ batch: z.string(), destroyed: z.number() })).readonly(),
  addresses: z.array(z.object({ plan: z.string(), erased: z.number() })).readonly(),
});

export type DueRetentionAnswer = z.infer<typeof dueRetention>;
export type RetentionReportAnswer = z.infer<typeof retentionReport>;

export const retentionRoutes = {
  preview: createRoute({
    ...needs('retention.read', { word: 'retention', command: 'allclear retention run' }),
    method: 'get',
    path: '/api/v1/retention',
    summary: 'What has outlived its time',
    description: 'Sealed passwords of plans that are over, and sealed line numbers of their evidence, and addresses.',
    responses: answers('What a run would destroy now', dueRetention),
  }),
  run: createRoute({
    ...needs('retention.run', { word: 'retention', command: 'allclear retention run --yes' }),
    method: 'post',
    path: '/api/v1/retention/runs',
    summary: 'Destroys what has outlived its time',
    description: 'As the server does every hour. There is no way back.',
    responses: answers('What was destroyed', retentionReport),
  }),
};
