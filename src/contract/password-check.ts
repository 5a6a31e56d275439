import { createRoute, z } from '@hono/zod-openapi';
import { accountId } from '../domain/shared/ids.ts';
import { answers, takes } from './answers.ts';
import { takesFrom } from './declare-route.ts';
import { accountIdText } from './typed-ids.ts';

export const passwordCheckRoutes = {
  check: createRoute({
    ...takesFrom('service', { word: 'password', problems: ['database-unavailable'] }),
    method: 'post',
    path: '/api/v1/password-checks',
    summary: 'Whether an account may take this password',
    description:
      'Asked by the service itself when a holder chooses a password, with ALLCLEAR_SERVICE_TOKEN: no, while it is the very password that was quarantined. Any failure is to be taken as no.',
    request: {
      body: takes(z.object({ accountId: accountIdText.transform(accountId), password: z.string().max(4_096) }), {
        accountId: '4711',
        password: '...',
      }),
    },
    responses: answers('One shape for every account', z.object({ allowed: z.boolean() })),
  }),
};
