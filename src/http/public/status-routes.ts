import { Hono } from 'hono';
import type { Context } from 'hono';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { makeRequestLimit } from '../request-limit.ts';
import type { Services } from '../services.ts';
import { notCheckedPage } from './check-page.ts';
import { deskWords } from './desk-words.ts';
import { addPageHeaders } from './page-layout.ts';
import { statementRate } from './page-rates.ts';
import { readerOf } from './page-reader.ts';
import type { StatementShelf } from './statement-shelf.ts';
import { atomFeed, jsonFeed, statusItem } from './status-feed.ts';
import type { Feed } from './status-feed.ts';
import { statusPage } from './status-page.ts';

/** Feed readers come every few minutes; the statements behind it are as old at most. */
const feedSeconds = 60;

/** `/status`, `/status.atom`, `/status.json`: every public statement, from the ledger alone. A GET that changes nothing. */
export function makeStatusRoutes(services: Services, shelf: StatementShelf, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const limit = makeRequestLimit(statementRate, () => performance.now());

  async function feedFor(c: Context<ApiEnv>, self: string): Promise<Feed> {
    const { language, service } = readerOf(c, services);
    const { publicUrl } = services.holderPages;
    const statements = await shelf.history();
    return {
      title: deskWords[language](service).status.title,
      author: service,
      homeUrl: new URL('/status', publicUrl).href,
      selfUrl: new URL(`${self}?lang=${language}`, publicUrl).href,
      language,
      items: statements.map((statement) => statusItem(statement, language, publicUrl)),
    };
  }

  async function answer(
    c: Context<ApiEnv>,
    self: string,
    write: (feed: Feed) => Response | Promise<Response>,
  ): Promise<Response> {
    const wait = limit.take(c.get('clientAddress'));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.html(notCheckedPage(readerOf(c, services), '', 'too-many'), 429);
    }
    try {
      return await write(await feedFor(c, self));
    } catch (error) {
      // Numbers that the ledger does not vouch for are not published.
      log.error({ err: error, requestId: c.get('requestId') }, 'the public status could not be written');
      return c.html(notCheckedPage(readerOf(c, services), '', 'failed'), 503);
    }
  }

  function asFeed(c: Context<ApiEnv>, type: string, text: string): Response {
    c.header('Cache-Control', `public, max-age=${feedSeconds}`);
    c.header('X-Content-Type-Options', 'nosniff');
    return c.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` });
  }

  app.use('/status', addPageHeaders);
  app.get('/status', (c) => answer(c, '/status', (feed) => c.html(statusPage(readerOf(c, services), feed.items))));
  app.get('/status.atom', (c) =>
    answer(c, '/status.atom', (feed) => asFeed(c, 'application/atom+xml', atomFeed(feed))),
  );
  app.get('/status.json', (c) =>
    answer(c, '/status.json', (feed) => asFeed(c, 'application/feed+json', JSON.stringify(jsonFeed(feed)))),
  );
  return app;
}
