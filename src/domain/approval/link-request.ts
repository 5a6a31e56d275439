import { isTypedId } from '../shared/ids.ts';
import type { OperatorId } from '../shared/ids.ts';

/** What an operator signs with their key to get a one-time link, with which they add a passkey. RFC 8785 text. */
export interface LinkRequest {
  readonly deployment: string;
  readonly operator: OperatorId;
  readonly purpose: 'passkey';
  /** 32 to 64 lower-case hex digits, never used before. */
  readonly nonce: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly expiry: string;
}

/** Long enough for two clocks that differ; a request seen on the way is soon worth nothing. */
export const maxLinkRequestMs = 5 * 60_000;
/** From the terminal to the browser beside it; whoever was called away asks for another. */
export const linkMinutes = 15;
/** To somebody elsewhere who is proposed: nothing counts before two others compared what was made by it. */
export const linkToProposedMinutes = 24 * 60;

/** Reads a signed request strictly, as `parseStatement` does; null for anything else. */
export function parseLinkRequest(text: string, canonical: (value: unknown) => string): LinkRequest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (canonical(value) !== text) return null;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 5) return null;
  const { deployment, operator, purpose, nonce, expiry } = value as Record<string, unknown>;
  if (typeof deployment !== 'string' || purpose !== 'passkey') return null;
  if (typeof operator !== 'string' || !isTypedId('operator', operator)) return null;
  if (typeof nonce !== 'string' || !/^[0-9a-f]{32,64}$/.test(nonce)) return null;
  if (typeof expiry !== 'string' || Number.isNaN(Date.parse(expiry))) return null;
  return { deployment, operator, purpose, nonce, expiry };
}
