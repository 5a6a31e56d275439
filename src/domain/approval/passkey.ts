import type { OperatorId, PasskeyId } from '../shared/ids.ts';

/** What a stored assertion is verified with, years later too. */
export interface PasskeyKey {
  readonly passkeyId: PasskeyId;
  readonly operatorId: OperatorId;
  /** As the authenticator named it, base64url. */
  readonly credentialId: string;
  /** SubjectPublicKeyInfo (RFC 5280 section 4.1), DER in base64url. */
  readonly publicKey: string;
  /** The host that it was made for; it signs for no other. */
  readonly rpId: string;
  readonly revokedAt: Date | null;
}

/** What an authenticator signed (W3C Web Authentication Level 3, section 7.2). All base64url without padding. */
export interface Assertion {
  readonly credentialId: string;
  readonly clientDataJson: string;
  readonly authenticatorData: string;
  readonly signature: string;
}

/** Names are for their owner: "phone", "blue key". */
export const passkeyNameLengthMax = 60;
/** What one person carries: a phone, a laptop, a spare in a drawer. */
export const passkeysMax = 10;
