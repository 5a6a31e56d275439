import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { CheckedNotice } from '../../app/notice/check-notice.ts';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { makeRequestLimit } from '../request-limit.ts';
import type { Services } from '../services.ts';
import { checkedPage, noPairPage, notCheckedPage } from './check-page.ts';
import { makeNoticeMould } from './notice-mould.ts';
import { pressPage } from './notice-page.ts';
import { addPageHeaders, pageType } from './page-layout.ts';
import { readerOf } from './page-reader.ts';
import { allChecksRate, checkRate, pressRate } from './page-rates.ts';
import { steadily } from './steady-answer.ts';

/** A number with what is pasted around it and an address of 320 characters, each of up to four bytes, percent-encoded. */
const formBytes = 8 * 1_024;
/** As much as `parseNoticeNumber` looks at. */
const longestNumber = 300;

type Checked = { readonly kind: 'known'; readonly notice: CheckedNotice | null } | { readonly kind: 'failed' };

/**
 * The pages that strangers reach. A GET reads nothing and changes nothing, so scanners that follow links do no harm.
 * Forging a POST from another site gains nothing: there is no session and no cookie whose rights it could borrow, and
 * whoever can forge it can press the button as well; the press is limited by address and can only pause.
 */
export function makeNoticeRoutes(services: Services, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const monotonicMs = (): number => performance.now();
  const presses = makeRequestLimit(pressRate, monotonicMs);
  const checks = makeRequestLimit(checkRate, monotonicMs);
  const allChecks = makeRequestLimit(allChecksRate, monotonicMs);

  app.use(addPageHeaders);
  // Not over a GET: to look at its body makes a whole request of what is a line and some headers.
  app.post(
    '*',
    bodyLimit({
      maxSize: formBytes,
      onError: (c) => c.html(noPairPage(readerOf(c, services), '')),
    }),
  );
  const mould = makeNoticeMould();
  const answerPage = async (c: Context<ApiEnv>, number: NoticeNumber | null): Promise<Response> =>
    c.body(Buffer.from(await mould.page(readerOf(c, services), number), 'latin1'), 200, { 'Content-Type': pageType });

  app.get('/', (c) => answerPage(c, null));

  app.post('/', async (c) => {
    const reader = readerOf(c, services);
    const { number, address } = await readForm(c);
    const wait = checks.take(c.get('clientAddress')) || allChecks.take('everyone');
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.html(notCheckedPage(reader, number, 'too-many'), 429);
    }
    const checked = await steadily(() => check(c, { number, address }));
    if (checked.kind === 'failed') return c.html(notCheckedPage(reader, number, 'failed'), 503);
    return c.html(checked.notice === null ? noPairPage(reader, number) : checkedPage(reader, checked.notice));
  });

  /** What is not a whole number gets the empty form: its reader types both. */
  app.get('/:number', (c) => answerPage(c, parseNoticeNumber(c.req.param('number'))));

  app.post('/:number/disputes', async (c) => {
    const reader = readerOf(c, services);
    const number = parseNoticeNumber(c.req.param('number'));
    if (number === null) return c.html(noPairPage(reader, ''), 404);
    const wait = presses.take(c.get('clientAddress'));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.html(pressPage(reader, number, 'too-many'), 429);
    }
    const isRecorded = await steadily(() =>
      services.recordDispute({ number }).then(
        () => true,
        (error: unknown) => {
          log.error({ err: error, requestId: c.get('requestId') }, 'a press of "this is not right" was not recorded');
          return false;
        },
      ),
    );
    return isRecorded ? c.html(pressPage(reader, number, 'taken')) : c.html(pressPage(reader, number, 'failed'), 503);
  });

  async function check(c: Context<ApiEnv>, typed: Parameters<Services['checkNotice']>[0]): Promise<Checked> {
    try {
      return { kind: 'known', notice: await services.checkNotice(typed) };
    } catch (error) {
      log.error({ err: error, requestId: c.get('requestId') }, 'a notice could not be looked up for its holder');
      return { kind: 'failed' };
    }
  }

  return app;
}

async function readForm(c: Context): Promise<{ readonly number: string; readonly address: string }> {
  // A body that is no form is two empty fields.
  const body: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
  const field = (name: string): string => {
    const value = body[name];
    return typeof value === 'string' ? value : '';
  };
  return { number: field('number').slice(0, longestNumber), address: field('address') };
}
