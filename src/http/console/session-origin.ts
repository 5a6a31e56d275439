import type { Context } from 'hono';
import { Failure } from '../../domain/shared/failure.ts';
import type { ApiEnv } from '../api-env.ts';

/** A header that no form and no other site can send unasked. */
export const consoleHeader = 'X-Allclear-Console';

/**
 * `Failure('forbidden')` for a request that changes something and does not prove that it was sent by our own page. Beside
 * SameSite: a page on a neighbouring port or subdomain is the same site.
 */
export function requireOwnPage(c: Context<ApiEnv>, origin: string): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return;
  if (isSameOrigin(c, origin) && c.req.header(consoleHeader) === '1') return;
  throw new Failure(
    'forbidden',
    `A session is used by the console alone: this request came from elsewhere, or lacks ${consoleHeader}: 1. Nothing was done.`,
  );
}

/** Fetch Metadata where the browser sends it, else Origin (RFC 6454). Neither is no proof. */
export function isSameOrigin(c: Context<ApiEnv>, origin: string): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  return c.req.header('origin') === origin;
}
