import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import {
  assertionExample,
  attestationExample,
  browserAssertion,
  browserAttestation,
  browserOptions,
} from './browser-answer.ts';
import { needs, takesFrom } from './declare-route.ts';
import { instant, operatorId, passkeyId } from './typed-ids.ts';

const code = z.string().max(100).describe('Of a one-time link, as it is written or typed.');
const madeLink = z.object({ operator: z.string(), code: z.string(), link: z.string(), expiresAt: instant });
const options = z.object({ publicKey: browserOptions });

export const passkeyRoutes = {
  link: createRoute({
    ...takesFrom('signature', { word: 'passkey', command: 'allclear operator link operator_3 --key FILE' }),
    method: 'post',
    path: '/api/v1/passkeys/links',
    summary: 'A one-time link with which you add a passkey, for a signed request',
    description:
      "The signature, with the person's own key, is the authentication. The text is RFC 8785 JSON of deployment, operator, purpose (`passkey`), nonce and expiry (within five minutes). The code is good once, for 15 minutes; a newer one ends it.",
    request: {
      body: takes(z.object({ request: z.string().max(2_000), signature: z.string().max(200) }), {
        request: '{"deployment":"dep_...", ...}',
        signature: 'mGd5...',
      }),
    },
    responses: answers('The link, shown once', madeLink),
  }),
  linkForProposed: createRoute({
    ...needs('operator.propose', {
      word: 'passkey',
      command: 'allclear operator link operator_3 --as ada',
      problems: ['not-found', 'conflict'],
    }),
    method: 'post',
    path: '/api/v1/operators/{operator}/links',
    summary: 'A one-time link for somebody who is proposed without a key',
    description:
      'Hand it over. What they make by it may do nothing until two others said yes to exactly that passkey. Good once, for a day; a newer one ends it.',
    request: { params: z.object({ operator: operatorId }) },
    responses: answers('The link, shown once', madeLink),
  }),
  options: createRoute({
    ...takesFrom('signature', { word: 'passkey', problems: ['guardrail-failed'] }),
    method: 'post',
    path: '/api/v1/passkeys/options',
    summary: 'What the browser makes a passkey with',
    description: 'With the code of a link; without one for whoever is signed in. Uses nothing up.',
    request: { body: takes(z.object({ code: code.optional() }), { code: 'the code as it was handed over' }) },
    responses: answers('Options for `navigator.credentials.create()`', options),
  }),
  confirm: createRoute({
    ...needs('session.own', { word: 'passkey', problems: ['signature-invalid'] }),
    method: 'post',
    path: '/api/v1/passkeys/confirmations',
    summary: 'What an older passkey of yours has to confirm, so that the new one is added',
    description: 'The challenge names the new key: a session alone adds nothing, and nothing is put in its place.',
    request: { body: takes(z.object({ attestation: browserAttestation }), { attestation: attestationExample }) },
    responses: answers('Options for `navigator.credentials.get()`', options),
  }),
  add: createRoute({
    ...takesFrom('signature', { word: 'passkey', problems: ['signature-invalid', 'conflict', 'forbidden'] }),
    method: 'post',
    path: '/api/v1/passkeys',
    summary: 'Adds a passkey',
    description: 'With the code of a link, or signed in and with the answer to a confirmation. It counts from now on.',
    request: {
      body: takes(
        z.object({
          code: code.optional(),
          name: z.string().max(200).describe('For yourself: "phone", "blue key".'),
          attestation: browserAttestation,
          assertion: browserAssertion.optional(),
        }),
        { code: 'the code', name: 'phone', attestation: attestationExample, assertion: assertionExample },
      ),
    },
    responses: answers(
      'The passkey',
      z.object({
        passkey: z.string(),
        operator: z.string(),
        isActive: z.boolean().describe('False: two others have to say yes to it first.'),
      }),
    ),
  }),
  list: createRoute({
    ...needs('session.own', { word: 'passkey' }),
    method: 'get',
    path: '/api/v1/passkeys',
    summary: 'Your own passkeys',
    responses: answers(
      'Passkeys in the order in which they were added',
      z.object({
        passkeys: z
          .array(
            z.object({
              id: z.string(),
              name: z.string(),
              createdAt: instant,
              lastUsedAt: instant.nullable().describe('By the hour.'),
              isBackedUp: z.boolean().describe('Whether a provider keeps it on several devices.'),
            }),
          )
          .readonly(),
      }),
    ),
  }),
  revoke: createRoute({
    ...needs('session.own', { word: 'passkey', problems: ['not-found'] }),
    method: 'post',
    path: '/api/v1/passkeys/{passkey}/revocations',
    summary: 'Ends a passkey of yours at once, with its sessions and its pending yeses',
    request: { params: z.object({ passkey: passkeyId }) },
    responses: answers('Whether it was still good', z.object({ revoked: z.boolean() })),
  }),
};
