import { setTimeout as pause } from 'node:timers/promises';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import type { Services } from '../services.ts';
import { noNumberPage, noticePage, pressPage } from './notice-page.ts';
import type { PageReader } from './notice-page.ts';
import { choosePageLanguage } from './page-language.ts';
import { pageHeaders } from './page-layout.ts';
import { makePressLimit } from './press-limit.ts';

/** Each press is answered after this long: recording one takes longer than finding nothing to record (I18). */
const pressAnswerMs = 400;

/**
 * The pages that strangers reach. A GET reads nothing and changes nothing, so scanners that follow links do no harm.
 * Forging a POST from another site gains nothing: there is no session and no cookie whose rights it could borrow, and
 * whoever can forge it can press the button as well; the press is limited by address and can only pause.
 */
export function makeNoticeRoutes(services: Services, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const limit = makePressLimit(() => performance.now());
  const service = services.deployment.serviceName;

  function readerOf(c: Context): PageReader {
    return { service, language: choosePageLanguage(c.req.query('lang'), c.req.header('accept-language')) };
  }

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(pageHeaders)) c.header(name, value);
  });

  app.get('/:number', (c) => {
    const number = parseNoticeNumber(c.req.param('number'));
    if (number === null) return c.html(noNumberPage(readerOf(c)), 404);
    return c.html(noticePage(readerOf(c), number));
  });

  app.post('/:number/disputes', async (c) => {
    const reader = readerOf(c);
    const number = parseNoticeNumber(c.req.param('number'));
    if (number === null) return c.html(noNumberPage(reader), 404);
    if (!limit.mayPress(addressOf(c))) {
      c.header('Retry-After', '60');
      return c.html(pressPage(reader, number, 'too-many'), 429);
    }
    const recorded = services.recordDispute({ number }).then(
      () => true,
      (error: unknown) => {
        log.error({ err: error, requestId: c.get('requestId') }, 'a press of "this is not right" was not recorded');
        return false;
      },
    );
    const [isRecorded] = await Promise.all([recorded, pause(pressAnswerMs)]);
    return isRecorded ? c.html(pressPage(reader, number, 'taken')) : c.html(pressPage(reader, number, 'failed'), 503);
  });

  return app;
}

/** Behind a proxy this is the proxy's, and all its readers share one bucket. */
function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown';
  } catch {
    // No socket: a request made inside this process.
    return 'unknown';
  }
}
