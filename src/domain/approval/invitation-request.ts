import { isPublicKey } from './operator.ts';

/** What the first operator signs to invite the second. RFC 8785 text. */
export interface InvitationRequest {
  readonly deployment: string;
  readonly purpose: 'invite';
  readonly name: string;
  readonly email: string;
  /** How long the code is worth something. */
  readonly hours: number;
  /** 32 to 64 lower-case hex digits, never used before. */
  readonly nonce: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly expiry: string;
}

/** What the invited person signs with the key that they made for themselves. RFC 8785 text. */
export interface InvitationAcceptance {
  readonly deployment: string;
  readonly purpose: 'accept-invitation';
  /** The address that was invited, as the invited person knows it. */
  readonly email: string;
  /** The new key, which signs this very text. */
  readonly publicKey: string;
  /** SHA-256 of the code, hex: the signature belongs to this invitation and to no other. */
  readonly code: string;
  readonly expiry: string;
}

/** A signed text that is seen on the way is soon worth nothing. */
export const maxInvitationRequestMs = 5 * 60_000;
/** A code that lies in a letter for longer is asked for anew. */
export const invitationHoursMax = 72;
export const invitationHoursUsual = 24;

/** Reads a signed invitation strictly, as `parseStatement` does; null for anything else. */
export function parseInvitationRequest(text: string, canonical: (value: unknown) => string): InvitationRequest | null {
  const value = parseCanonical(text, canonical, 7);
  if (value === null) return null;
  const { deployment, purpose, name, email, hours, nonce, expiry } = value;
  if (purpose !== 'invite' || !areTexts(deployment, name, email, nonce, expiry)) return null;
  if (typeof hours !== 'number' || !Number.isInteger(hours) || hours < 1 || hours > invitationHoursMax) return null;
  if (!/^[0-9a-f]{32,64}$/.test(String(nonce)) || Number.isNaN(Date.parse(String(expiry)))) return null;
  return value as unknown as InvitationRequest;
}

/** Reads a signed acceptance strictly; null for anything else. */
export function parseAcceptance(text: string, canonical: (value: unknown) => string): InvitationAcceptance | null {
  const value = parseCanonical(text, canonical, 6);
  if (value === null) return null;
  const { deployment, purpose, email, publicKey, code, expiry } = value;
  if (purpose !== 'accept-invitation' || !areTexts(deployment, email, publicKey, code, expiry)) return null;
  if (!isPublicKey(String(publicKey)) || !/^[0-9a-f]{64}$/.test(String(code))) return null;
  return Number.isNaN(Date.parse(String(expiry))) ? null : (value as unknown as InvitationAcceptance);
}

function parseCanonical(
  text: string,
  canonical: (value: unknown) => string,
  fields: number,
): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== fields) return null;
    return canonical(value) === text ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}
