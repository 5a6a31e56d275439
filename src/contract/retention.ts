import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
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
    method: 'get',
    path: '/api/v1/retention',
    summary:
      'What has outlived its time: sealed passwords of plans that are over, sealed line numbers of their evidence, addresses',
    responses: answers('What a run would destroy now', dueRetention),
  }),
  run: createRoute({
    method: 'post',
    path: '/api/v1/retention/runs',
    summary: 'Destroys it now, as the server does every hour; there is no way back',
    responses: answers('What was destroyed', retentionReport),
  }),
};
