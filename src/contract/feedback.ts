import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { needs } from './declare-route.ts';

const feedbackFacts = z.object({
  /** `smtp`, `ses`, `postmark`, `sendgrid`: those that are configured. */
  channels: z.array(z.string()).readonly(),
  /** Where bounces are sent to: the domain whose MX leads to the listener. */
  returnPathDomain: z.string(),
  /** The one address to give to feedback loops; null where nothing takes mail. */
  complaintsAddress: z.string().nullable(),
  /** Seconds since the channels were last known to hear; null where they never were. */
  lastHeardSeconds: z.number().nullable(),
});

export const feedbackRoutes = {
  show: createRoute({
    ...needs('feedback.read', { word: 'feedback', command: 'allclear feedback show' }),
    method: 'get',
    path: '/api/v1/feedback',
    summary: 'What takes bounces and complaints here, and whether it hears',
    responses: answers('The configured channels', feedbackFacts),
  }),
};
