import { isTypedId } from '../shared/ids.ts';
import type { OperatorId } from '../shared/ids.ts';
import { parseScope } from './token-scope.ts';

/** What an operator signs to get an API token: proof of the key, once, for a short while. RFC 8785 text. */
export interface TokenRequest {
  readonly deployment: string;
  readonly operator: OperatorId;
  readonly purpose: 'token';
  /** As `scopeText` writes it: the token may do no more, whoever asks the server for it. */
  readonly scope: string;
  /** After how long the token ends. */
  readonly hours: number;
  /** 32 to 64 lower-case hex digits, never used before. */
  readonly nonce: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly expiry: string;
}

/** Long enough for two clocks that differ; a request seen on the way is soon worth nothing. */
export const maxTokenRequestMs = 5 * 60_000;
/** A stolen token is of use for a month at most; a new one costs one signature. */
export const maxTokenHours = 30 * 24;

/** Reads a signed request strictly, as `parseStatement` does; null for anything else. */
export function parseTokenRequest(text: string, canonical: (value: unknown) => string): TokenRequest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (canonical(value) !== text) return null;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 7) return null;
  const { deployment, operator, purpose, scope, hours, nonce, expiry } = value as Record<string, unknown>;
  if (typeof deployment !== 'string' || purpose !== 'token') return null;
  if (typeof operator !== 'string' || !isTypedId('operator', operator)) return null;
  if (typeof scope !== 'string' || parseScope(scope) === null) return null;
  if (typeof hours !== 'number' || !Number.isInteger(hours) || hours < 1 || hours > maxTokenHours) return null;
  if (typeof nonce !== 'string' || !/^[0-9a-f]{32,64}$/.test(nonce)) return null;
  if (typeof expiry !== 'string' || Number.isNaN(Date.parse(expiry))) return null;
  return { deployment, operator, purpose, scope, hours, nonce, expiry };
}
