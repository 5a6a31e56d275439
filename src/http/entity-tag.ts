import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { Failure } from '../domain/shared/failure.ts';
import type { ApiEnv } from './api-env.ts';

/**
 * A strong entity tag (RFC 9110 section 8.8.3): the digest of the whole answer. So it names the frozen content and all that
 * stands beside it, who said yes and whether it is started, and is another one as soon as any of it is.
 */
function tagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}

/** Gives the answers to GET their tag, and 304 to whoever has them already (`If-None-Match`, section 13.1.2). */
export function tagAnswers(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    if (c.req.method !== 'GET' || c.res.status !== 200) return;
    const tag = tagOf(await c.res.clone().text());
    c.header('ETag', tag);
    // Weakly compared, as the section says: what is asked for is only whether to send it again.
    const known = tagsOf(c.req.header('if-none-match')).map((one) => one.replace(/^W\//, ''));
    if (known.includes(tag) || known.includes('*')) {
      const headers = new Headers(c.res.headers);
      headers.delete('Content-Type');
      headers.delete('Content-Length');
      c.res = new Response(null, { status: 304, headers });
    }
  };
}

/**
 * Refuses with 412 where `If-Match` (section 13.1.1) names another state of the subject than the present one. It is asked
 * just before the act and not inside its transaction: what must hold there is held by digest and quorum.
 *
 * @param read the subject as GET answers it
 */
export async function requireMatch(c: Context<ApiEnv>, subject: string, read: () => Promise<unknown>): Promise<void> {
  const header = c.req.header('if-match');
  if (header === undefined) return;
  const tag = tagOf(JSON.stringify(await read()));
  const wanted = tagsOf(header);
  if (wanted.includes(tag) || wanted.includes('*')) return;
  throw new Failure(
    'precondition-failed',
    `${subject} is no longer as you saw it: somebody said yes, it was started, or what it rests on changed. Nothing was done. Look at it again.`,
    { subject },
  );
}

function tagsOf(header: string | undefined): readonly string[] {
  return header === undefined ? [] : header.split(',').map((one) => one.trim());
}
