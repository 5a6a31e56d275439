import { createRoute, z } from '@hono/zod-openapi';
import { accountId } from '../domain/shared/ids.ts';
import { answers, takes } from './answers.ts';
import { accountIdText } from './typed-ids.ts';

export const passwordCheckRoutes = {
  /** Sent by the service itself, with its own token: nobody's password passes through an operator's hands. */
  check: createRoute({
    method: 'post',
    path: '/api/v1/password-checks',
    summary: 'Whether an account may take this password: not while it is the very one that was quarantined',
    request: {
      body: takes(z.object({ accountId: accountIdText.transform(accountId), password: z.string().max(4_096) })),
    },
    responses: answers('One shape for every account', z.object({ allowed: z.boolean() })),
  }),
};
