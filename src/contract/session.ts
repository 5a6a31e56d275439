import { createRoute, z } from '@hono/zod-openapi';
import { roles } from '../domain/approval/role.ts';
import { answers, takes } from './answers.ts';
import { assertionExample, browserAssertion, browserOptions } from './browser-answer.ts';
import { needs, takesFrom } from './declare-route.ts';
import { instant, sessionId } from './typed-ids.ts';

const signedInBy = z.enum(['passkey', 'oidc']);

const sessionView = z.object({
  operator: z.object({ id: z.string(), name: z.string(), role: z.enum(roles) }),
  permissions: z.array(z.string()).readonly().describe('All that this session may do, as in the table of roles.'),
  by: signedInBy,
  expiresAt: instant,
  passkeys: z.array(z.object({ id: z.string(), name: z.string(), createdAt: instant })).readonly(),
  canApprove: z.boolean().describe('Whether the role may say yes, and there is a passkey to say it with.'),
});

export const sessionRoutes = {
  options: createRoute({
    ...takesFrom('anyone', { word: 'session', problems: ['guardrail-failed', 'database-unavailable'] }),
    method: 'post',
    path: '/api/v1/sessions/options',
    summary: 'What the browser asks the passkey for, to sign in',
    description: 'The same for everybody: no name is asked for. Good once, for two minutes.',
    responses: answers(
      'Options for `navigator.credentials.get()`',
      z.object({
        challengeId: z.string(),
        publicKey: browserOptions,
        oidc: z.boolean().describe('Whether people may also sign in at `/auth/oidc`.'),
      }),
    ),
  }),
  begin: createRoute({
    ...takesFrom('signature', { word: 'session' }),
    method: 'post',
    path: '/api/v1/sessions',
    summary: 'Signs in to the console with a passkey',
    description:
      'Sets a cookie that scripts cannot read. The session ends after 12 hours, or 30 minutes in which nothing is done in it.',
    request: {
      body: takes(z.object({ challengeId: z.string().max(200), assertion: browserAssertion }), {
        challengeId: 'mGd5...',
        assertion: assertionExample,
      }),
    },
    responses: answers('Who is signed in', sessionView),
  }),
  current: createRoute({
    ...needs('session.own', { word: 'session' }),
    method: 'get',
    path: '/api/v1/sessions/current',
    summary: 'Who is signed in, and what they may do',
    responses: answers('Who is signed in', sessionView),
  }),
  end: createRoute({
    ...needs('session.own', { word: 'session' }),
    method: 'delete',
    path: '/api/v1/sessions/current',
    summary: 'Signs out',
    responses: answers('Whether it was still open', z.object({ ended: z.boolean() })),
  }),
  list: createRoute({
    ...needs('session.own', { word: 'session' }),
    method: 'get',
    path: '/api/v1/sessions',
    summary: 'Your own sessions that are open',
    responses: answers(
      'Sessions, newest first',
      z.object({
        sessions: z
          .array(
            z.object({
              id: z.string(),
              by: signedInBy,
              createdAt: instant,
              lastSeenAt: instant.describe('By the minute.'),
              expiresAt: instant,
              isThis: z.boolean(),
            }),
          )
          .readonly(),
      }),
    ),
  }),
  revoke: createRoute({
    ...needs('session.own', { word: 'session' }),
    method: 'post',
    path: '/api/v1/sessions/{session}/revocations',
    summary: 'Ends a session of yours at once',
    request: { params: z.object({ session: sessionId }) },
    responses: answers('Whether it was still open', z.object({ ended: z.boolean() })),
  }),
};
