import { Hono } from 'hono';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { makeRequestLimit } from '../request-limit.ts';
import type { Services } from '../services.ts';
import { notCheckedPage } from './check-page.ts';
import { nowherePage } from './desk-page.ts';
import { addPageHeaders } from './page-layout.ts';
import { readerOf } from './page-reader.ts';
import { statementRate } from './page-rates.ts';
import { statementPage } from './statement-page.ts';
import type { StatementShelf } from './statement-shelf.ts';
import { steadily } from './steady-answer.ts';

/** `/statement/:plan`. A GET like any other: it changes nothing. */
export function makeStatementRoutes(services: Services, shelf: StatementShelf, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const limit = makeRequestLimit(statementRate, () => performance.now());

  app.use(addPageHeaders);
  app.get('/:plan', async (c) => {
    const reader = readerOf(c, services);
    const plan = c.req.param('plan');
    if (!isTypedId('plan', plan)) return c.html(nowherePage(reader), 404);
    const wait = limit.take(c.get('clientAddress'));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.html(notCheckedPage(reader, '', 'too-many'), 429);
    }
    try {
      const statement = await steadily(() => shelf.read(plan));
      return statement === null
        ? await c.html(nowherePage(reader), 404)
        : await c.html(statementPage(reader, statement));
    } catch (error) {
      // Numbers that the ledger does not vouch for are not published.
      log.error({ err: error, requestId: c.get('requestId'), plan }, 'a public statement could not be written');
      return c.html(notCheckedPage(reader, '', 'failed'), 503);
    }
  });

  return app;
}
