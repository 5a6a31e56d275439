import { z } from '@hono/zod-openapi';

/** base64url of some kilobytes: an attestation holds a certificate chain at most. */
const bytes = z.string().max(20_000);
const credentialId = z.string().min(1).max(1_400).describe('base64url');

const shared = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(50).nullish(),
  clientExtensionResults: z.record(z.string().max(50), z.unknown()).default({}),
};

/** What `navigator.credentials.get()` gives, by its `toJSON()` (W3C Web Authentication Level 3, section 5.1). */
export const browserAssertion = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: z.string().max(200).nullish(),
  }),
});

/** What `navigator.credentials.create()` gives, by its `toJSON()`. */
export const browserAttestation = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(20)).max(10).optional(),
    publicKeyAlgorithm: z.number().optional(),
    publicKey: bytes.optional(),
    authenticatorData: bytes.optional(),
  }),
});

/** For `PublicKeyCredential.parseRequestOptionsFromJSON()` or `parseCreationOptionsFromJSON()`. */
export const browserOptions = z.record(z.string(), z.unknown());

const parts = { id: 'AQID', rawId: 'AQID', type: 'public-key' } as const;
export const assertionExample = {
  ...parts,
  response: { clientDataJSON: 'eyJ0eXBl...', authenticatorData: 'SZYN5Y...', signature: 'MEUCIQ...' },
};
export const attestationExample = {
  ...parts,
  response: { clientDataJSON: 'eyJ0eXBl...', attestationObject: 'o2NmbXR...' },
};
