import { createRoute, z } from '@hono/zod-openapi';
import { roles } from '../domain/approval/role.ts';
import { answers, takes } from './answers.ts';
import { browserAssertion } from './browser-answer.ts';
import { needs, takesFrom } from './declare-route.ts';
import { nextCursor, pageQuery } from './page.ts';
import { instant, operatorId, tokenId } from './typed-ids.ts';

const role = z.enum(roles).describe('What this person may do; one role each.');

export const operator = z.object({
  operatorId: z.string(),
  name: z.string(),
  email: z.string(),
  publicKey: z.string().nullable().describe('Null for somebody who has passkeys alone.'),
  passkeys: z
    .array(z.string())
    .readonly()
    .describe(
      'Every one that was ever theirs, as SubjectPublicKeyInfo. Without a key the first is what two say yes to.',
    ),
  role,
  state: z.enum(['pending', 'active', 'suspended', 'removed']),
  activeFrom: instant.nullable(),
  addedBy: z.string().nullable(),
});

const operatorList = z.object({ operators: z.array(operator).readonly(), next: nextCursor });

export type OperatorListAnswer = z.infer<typeof operatorList>;

/** What was signed, byte for byte, and the proof of who did: by the person's key, or by a passkey of theirs. */
export const signedStatement = z
  .object({
    statement: z.string().max(2_000).describe('RFC 8785 text of the seven fields, byte for byte as it was signed.'),
    signature: z.string().max(200).optional().describe('Ed25519 over its UTF-8, base64url.'),
    assertion: browserAssertion.optional().describe('Or a passkey’s answer: its challenge is the SHA-256 of the text.'),
  })
  .refine(({ signature, assertion }) => (signature === undefined) !== (assertion === undefined), {
    message: 'has either a signature or an assertion',
  });

export const signedExample = { statement: '{"decision":"approve","deployment":"dep_...", ...}', signature: 'mGd5...' };

const operatorParams = z.object({ operator: operatorId });

export const operatorRoutes = {
  list: createRoute({
    ...needs('operator.read', { word: 'operator', command: 'allclear operator list' }),
    method: 'get',
    path: '/api/v1/operators',
    summary: 'All people who were ever added, with their roles',
    description: 'In the order in which they were added; those who wait for two approvals are `pending`.',
    request: { query: pageQuery },
    responses: answers('Operators in the order in which they were added', operatorList),
  }),
  propose: createRoute({
    ...needs('operator.propose', {
      word: 'operator',
      command: 'allclear operator add --name Eve --email eve@example.org --role approver',
      problems: ['conflict'],
    }),
    method: 'post',
    path: '/api/v1/operators',
    summary: 'Proposes a person, with a role',
    description:
      'Two others say yes to exactly this record; until then the person may do nothing. A second account with the same key or address is refused.',
    request: {
      body: takes(
        z.object({
          name: z.string().max(200),
          email: z.string().max(300),
          publicKey: z
            .string()
            .max(100)
            .nullable()
            .describe('Ed25519, 32 bytes in base64url. Null: passkeys alone, the first by a link.'),
          role: role.default('operator'),
        }),
        {
          name: 'Eve',
          email: 'eve@example.org',
          publicKey: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          role: 'approver',
        },
      ),
    },
    responses: answers('The operator, pending', z.object({ operator })),
  }),
  decide: createRoute({
    ...needs('operator.decide', {
      word: 'operator',
      command: 'allclear operator approve operator_3 --key FILE --yes',
      problems: [
        'not-found',
        'signature-invalid',
        'digest-mismatch',
        'approval-expired',
        'author-cannot-approve',
        'already-approved',
        'environment-mismatch',
        'conflict',
      ],
    }),
    method: 'post',
    path: '/api/v1/operators/{operator}/decisions',
    summary: 'A signed yes to admitting or suspending a person',
    description:
      'The signature is over the digest of the whole record, its role included. At the second yes it is done; the person concerned has no say.',
    request: { params: operatorParams, body: takes(signedStatement, signedExample) },
    responses: answers(
      'What the yes led to',
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('waiting'), decision: z.string() }),
        z.object({ kind: z.literal('admitted'), activeFrom: instant }),
        z.object({ kind: z.literal('suspended') }),
        /** Another role, held from then on. */
        z.object({ kind: z.literal('role-agreed'), role: z.enum(roles), from: instant }),
      ]),
    ),
  }),
  invite: createRoute({
    ...needs('operator.invite', {
      word: 'operator',
      command: 'allclear operator invite --name Ben --email ben@example.org --key FILE',
      problems: ['conflict', 'signature-invalid', 'guardrail-failed'],
    }),
    method: 'post',
    path: '/api/v1/operators/invitations',
    summary: 'Invites the second person ever, in the small profile',
    description: 'For a request that is signed with your key. The code is shown once and kept nowhere.',
    request: {
      body: takes(z.object({ request: z.string().max(2_000), signature: z.string().max(200) }), {
        request: '{"deployment":"dep_...", ...}',
        signature: 'mGd5...',
      }),
    },
    responses: answers('The code, shown once', z.object({ code: z.string(), expiresAt: instant })),
  }),
  accept: createRoute({
    ...takesFrom('signature', { word: 'operator', command: 'allclear operator accept --email ben@example.org' }),
    method: 'post',
    path: '/api/v1/operators/acceptances',
    summary: 'Makes the invited person an approver',
    description: 'The code and the signature are the authentication.',
    request: {
      body: takes(
        z.object({
          code: z.string().max(100),
          acceptance: z.string().max(2_000),
          signature: z.string().max(200),
        }),
        { code: 'the code as it was handed over', acceptance: '{"code":"...", ...}', signature: 'mGd5...' },
      ),
    },
    responses: answers('The operator, active', z.object({ operator })),
  }),
  issueToken: createRoute({
    ...takesFrom('signature', { word: 'token', command: 'allclear operator token operator_3 --key FILE --scope read' }),
    method: 'post',
    path: '/api/v1/tokens',
    summary: 'A new API token for a signed request',
    description:
      "The signature, with the person's own key, is the authentication: nobody else ever sees the token, and it can do no more than was signed. The text is RFC 8785 JSON of deployment, operator, purpose (`token`), scope (`full`, or words of `draft`, `halt`, `read`), hours (1 to 720), nonce and expiry (within five minutes).",
    request: {
      body: takes(
        z.object({
          request: z.string().max(2_000).describe('The text that was signed, byte for byte.'),
          signature: z.string().max(200).describe('Ed25519 over its UTF-8, base64url.'),
        }),
        { request: '{"deployment":"dep_...", ...}', signature: 'mGd5...' },
      ),
    },
    responses: answers('The token, shown once', z.object({ id: z.string(), token: z.string(), expiresAt: instant })),
  }),
  listTokens: createRoute({
    ...needs('token.own', { word: 'token', command: 'allclear operator token --list' }),
    method: 'get',
    path: '/api/v1/tokens',
    summary: 'Tokens that can still be used: your own, or for an operator everybody’s',
    description: 'Never the tokens themselves. The last use is shown by the hour.',
    request: {
      query: z.object({ of: z.enum(['me', 'everybody']).default('me').describe('Everybody: operators only.') }),
    },
    responses: answers(
      'Tokens, newest first',
      z.object({
        tokens: z
          .array(
            z.object({
              token: z.string(),
              operatorId: z.string(),
              scope: z.array(z.string()).readonly(),
              createdAt: instant,
              expiresAt: instant,
              lastUsedAt: instant.nullable(),
            }),
          )
          .readonly(),
      }),
    ),
  }),
  revokeToken: createRoute({
    ...needs('token.own', {
      word: 'token',
      command: 'allclear operator token --revoke token_12',
      problems: ['not-found'],
    }),
    method: 'post',
    path: '/api/v1/tokens/{token}/revocations',
    summary: 'Ends a token at once: your own, or for an operator anybody’s',
    description: 'One person is enough: revoking is the safe direction, and whoever held it signs for a new one.',
    request: { params: z.object({ token: tokenId }) },
    responses: answers('Whether it was still good', z.object({ revoked: z.boolean() })),
  }),
};
