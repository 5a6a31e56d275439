import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Whole and raw: one blank more between its tags, and the digest in the header would forbid it. */
export function styleElement(style: string): HtmlEscapedString {
  return raw(`<style>${style}</style>`);
}

/** No script, no frame, no other host, and this one style. Nothing of the address goes on to the next page, and nothing is stored. */
export function strictHeaders(style: string): Readonly<Record<string, string>> {
  const digest = createHash('sha256').update(style).digest('base64');
  return {
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${digest}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex',
    'Cache-Control': 'no-store',
  };
}

export function addStrictHeaders(style: string): MiddlewareHandler {
  const headers = Object.entries(strictHeaders(style));
  return async (c, next) => {
    // Before the answer is made: what is set on a made one makes it anew.
    for (const [name, value] of headers) c.header(name, value);
    await next();
  };
}
