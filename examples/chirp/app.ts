import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';
import type pg from 'pg';
import { addAccountPages } from './account-pages.ts';
import { clientAddressHeader, type ChirpAuth } from './auth.ts';
import { layout } from './pages/layout.ts';
import { longestChirp, timeline, type Chirp } from './pages/timeline.ts';

export interface AppParts {
  readonly auth: ChirpAuth;
  readonly pool: pg.Pool;
  readonly publicUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly appealUrl: string | null;
}

/** The longest honest request is a sign-up form. */
const maxBodyBytes = 16 * 1024;
const chirpsOnTimeline = 30;

/** Chirp's pages and better-auth's JSON API (under /api/auth/), as one function of a request and the caller's address. */
export function makeApp(parts: AppParts): (request: Request, clientAddress: string) => Promise<Response> {
  const app = new Hono();
  const style = readFileSync(new URL('./pages/style.css', import.meta.url), 'utf8');

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      // Not `no-referrer`: browsers would then send `Origin: null` with our own forms. A reset token still stays with us.
      referrerPolicy: 'same-origin',
    }),
  );
  app.use(bodyLimit({ maxSize: maxBodyBytes }));
  app.use(csrf({ origin: [...parts.trustedOrigins] }));

  app.get('/healthz', async (c) => {
    await parts.pool.query('SELECT 1');
    return c.text('ok');
  });
  app.get('/style.css', (c) => c.body(style, 200, { 'content-type': 'text/css', 'cache-control': 'max-age=300' }));
  app.get('/.well-known/change-password', (c) => c.redirect('/settings', 302));
  app.on(['GET', 'POST'], '/api/auth/*', (c) => parts.auth.handler(c.req.raw));

  app.get('/', async (c) => {
    const session = await parts.auth.api.getSession({ headers: c.req.raw.headers });
    const { rows } = await parts.pool.query<Chirp>(
      `SELECT u.name AS author, u.language, c.text, c."createdAt"
       FROM chirp c JOIN "user" u ON u.id = c."userId"
       -- What a suspended account wrote is hidden, and still there when it comes back.
       WHERE u.banned IS NOT TRUE ORDER BY c.id DESC LIMIT $1`,
      [chirpsOnTimeline],
    );
    const viewer = session?.user ?? null;
    return c.html(layout({ title: 'Home', viewer, body: timeline(rows, viewer) }));
  });

  app.post('/chirps', async (c) => {
    const session = await parts.auth.api.getSession({ headers: c.req.raw.headers });
    if (session === null || session.user.banned === true) return c.redirect('/sign-in', 303);
    const { text } = await c.req.parseBody();
    if (typeof text === 'string' && text.trim() !== '' && [...text.trim()].length <= longestChirp) {
      await parts.pool.query('INSERT INTO chirp ("userId", text) VALUES ($1, $2)', [session.user.id, text.trim()]);
    }
    return c.redirect('/', 303);
  });

  addAccountPages(app, parts.auth, parts.publicUrl, parts.appealUrl);

  app.onError((error, c) => {
    if ('getResponse' in error) return error.getResponse();
    // The name only: a message of the database can quote the row.
    console.error(`chirp: ${c.req.method} ${c.req.path} failed (${error.name})`);
    return c.text('Something went wrong here. Nothing was changed: try again in a few minutes.', 500);
  });

  return async (request, clientAddress) => {
    const headers = new Headers(request.headers);
    headers.set(clientAddressHeader, clientAddress);
    return app.fetch(new Request(request, { headers }));
  };
}
