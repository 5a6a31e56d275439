import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { makeRequestLimit } from '../request-limit.ts';
import type { RequestLimit } from '../request-limit.ts';
import type { Services } from '../services.ts';
import { appealPage, appealTakenPage, deskNotNowPage, homePage, myStatusPage, myStatusTakenPage } from './desk-page.ts';
import { addPageHeaders } from './page-layout.ts';
import type { Html } from './page-layout.ts';
import { allAppealsRate, allAsksRate, appealRate, askRate } from './page-rates.ts';
import { readerOf } from './page-reader.ts';
import { readFields } from './read-form.ts';
import { recoveryWords } from './recovery-words.ts';
import type { NotNow } from './recovery-words.ts';
import { steadily } from './steady-answer.ts';

/** A thousand characters of words, each of up to four bytes, percent-encoded, and the other fields. */
const formBytes = 24 * 1_024;
/** Longer than any of their fields may be; each is judged where it is used. */
const longestField = 2_000;

/** The landing page, appeals and "my status". No GET changes anything, and no POST tells whether it met somebody. */
export function makeDeskRoutes(services: Services, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const monotonicMs = (): number => performance.now();
  const appeals = makeRequestLimit(appealRate, monotonicMs);
  const allAppeals = makeRequestLimit(allAppealsRate, monotonicMs);
  const asks = makeRequestLimit(askRate, monotonicMs);
  const allAsks = makeRequestLimit(allAsksRate, monotonicMs);
  const limitForm = bodyLimit({ maxSize: formBytes, onError: (c) => notNow(c, '/', 'failed') });

  function notNow(c: Context<ApiEnv>, path: string, why: NotNow): Response | Promise<Response> {
    const reader = readerOf(c, services);
    const text = recoveryWords[reader.language](reader.service).notNow[why];
    return c.html(deskNotNowPage(reader, path, text), why === 'too-many' ? 429 : 503);
  }

  function isTooMuch(c: Context<ApiEnv>, own: RequestLimit, all: RequestLimit): boolean {
    const wait = own.take(c.get('clientAddress')) || all.take('everyone');
    if (wait > 0) c.header('Retry-After', String(wait));
    return wait > 0;
  }

  function show(page: (reader: ReturnType<typeof readerOf>) => Html) {
    return (c: Context<ApiEnv>) => c.html(page(readerOf(c, services)));
  }

  for (const path of ['/', '/appeal', '/my-status']) app.use(path, addPageHeaders, limitForm);
  app.get('/', show(homePage));
  // Browsers ask for one unasked; it is not an error that there is none.
  app.get('/favicon.ico', (c) => c.body(null, 204));

  app.get('/appeal', show(appealPage));
  app.post('/appeal', async (c) => {
    if (isTooMuch(c, appeals, allAppeals)) return notNow(c, '/appeal', 'too-many');
    const typed = await readFields(c, ['number', 'address', 'words'], longestField);
    const isDone = await steadily(() =>
      services.openAppeal(typed).then(
        () => true,
        (error: unknown) => {
          log.error({ err: error, requestId: c.get('requestId') }, 'an appeal was not taken');
          return false;
        },
      ),
    );
    return isDone ? c.html(appealTakenPage(readerOf(c, services))) : notNow(c, '/appeal', 'failed');
  });

  app.get('/my-status', show(myStatusPage));
  app.post('/my-status', async (c) => {
    if (isTooMuch(c, asks, allAsks)) return notNow(c, '/my-status', 'too-many');
    const { address } = await readFields(c, ['address'], longestField);
    const readiness = await services.pageReadiness();
    if (readiness !== 'ready') return notNow(c, '/my-status', readiness);
    if (!services.askStatus({ address })) return notNow(c, '/my-status', 'too-many');
    return c.html(myStatusTakenPage(readerOf(c, services)));
  });

  return app;
}
