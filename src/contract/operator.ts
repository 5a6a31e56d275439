import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { instant, operatorId } from './typed-ids.ts';

export const operator = z.object({
  operatorId: z.string(),
  name: z.string(),
  email: z.string(),
  publicKey: z.string(),
  state: z.enum(['pending', 'active', 'suspended', 'removed']),
  activeFrom: instant.nullable(),
  addedBy: z.string().nullable(),
});

/** What was signed, byte for byte, and the Ed25519 signature in base64url. */
export const signedStatement = z.object({
  statement: z.string().max(2_000),
  signature: z.string().max(200),
});

const operatorParams = z.object({ operator: operatorId });

export const operatorRoutes = {
  list: createRoute({
    method: 'get',
    path: '/api/v1/operators',
    summary: 'All operators that were ever added',
    responses: answers(
      'Operators in the order in which they were added',
      z.object({ operators: z.array(operator).readonly() }),
    ),
  }),
  propose: createRoute({
    method: 'post',
    path: '/api/v1/operators',
    summary: 'Proposes an operator; two others say yes',
    request: {
      body: takes(z.object({ name: z.string().max(200), email: z.string().max(300), publicKey: z.string().max(100) })),
    },
    responses: answers('The operator, pending', z.object({ operator })),
  }),
  decide: createRoute({
    method: 'post',
    path: '/api/v1/operators/{operator}/decisions',
    summary: 'A signed yes to admitting or suspending an operator; at the second it is done',
    request: { params: operatorParams, body: takes(signedStatement) },
    responses: answers(
      'What the yes led to',
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('waiting'), decision: z.string() }),
        z.object({ kind: z.literal('admitted'), activeFrom: instant }),
        z.object({ kind: z.literal('suspended') }),
      ]),
    ),
  }),
  invite: createRoute({
    method: 'post',
    path: '/api/v1/operators/invitations',
    summary: 'Invites the second person ever, in the small profile, for a request that is signed with your key',
    request: { body: takes(z.object({ request: z.string().max(2_000), signature: z.string().max(200) })) },
    responses: answers('The code, shown once', z.object({ code: z.string(), expiresAt: instant })),
  }),
  accept: createRoute({
    method: 'post',
    path: '/api/v1/operators/acceptances',
    summary: 'Makes the invited person an operator: the code and the signature are the authentication',
    request: {
      body: takes(
        z.object({
          code: z.string().max(100),
          acceptance: z.string().max(2_000),
          signature: z.string().max(200),
        }),
      ),
    },
    responses: answers('The operator, active', z.object({ operator })),
  }),
  issueToken: createRoute({
    method: 'post',
    path: '/api/v1/tokens',
    summary:
      'A new API token for a request that is signed with the operator’s key: the signature is the authentication',
    request: { body: takes(z.object({ request: z.string().max(2_000), signature: z.string().max(200) })) },
    responses: answers('The token, shown once', z.object({ token: z.string(), expiresAt: instant })),
  }),
};
