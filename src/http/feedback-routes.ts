import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv } from './api-env.ts';
import type { FeedbackPost, Services } from './services.ts';

/** SendGrid posts what gathered in some seconds, up to 768 KiB; the others one event. */
const postBytesMax = 1_024 * 1_024;
const providers = ['ses', 'postmark', 'sendgrid'] as const;
/** A permit lives for seconds; providers come again on a schedule of their own. */
const comeAgainSeconds = 60;

/**
 * Where mail providers tell what became of mails: one address each, not there at all unless it is configured. Whoever does
 * not prove to be the provider gets one and the same answer, whatever is wrong.
 */
export function makeFeedbackRoutes(services: Pick<Services, 'feedback'>): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  for (const provider of providers) {
    const limit = bodyLimit({ maxSize: postBytesMax, onError: (c) => c.json({ status: 'refused' }, 413) });
    routes.post(`/feedback/${provider}`, limit, async (c, next) => {
      const take = services.feedback[provider];
      if (take === null) return next();
      const post: FeedbackPost = {
        body: new Uint8Array(await c.req.arrayBuffer()),
        header: (name) => c.req.header(name) ?? '',
      };
      const taken = await take(post);
      c.header('Cache-Control', 'no-store');
      if (taken === 'taken') return c.json({ status: 'taken' });
      if (taken === 'refused') return c.json({ status: 'refused' }, 403);
      c.header('Retry-After', String(comeAgainSeconds));
      return c.json({ status: 'later' }, 503);
    });
  }
  return routes;
}
