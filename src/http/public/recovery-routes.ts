import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { makeRequestLimit } from '../request-limit.ts';
import type { RequestLimit } from '../request-limit.ts';
import type { RecoveryPages, Services } from '../services.ts';
import { addPageHeaders } from './page-layout.ts';
import { allAsksRate, allCodesRate, askRate, codeRate, passwordRate } from './page-rates.ts';
import { readerOf } from './page-reader.ts';
import { readFields } from './read-form.ts';
import {
  askPage,
  closedPage,
  codePage,
  donePage,
  elsewherePage,
  notNowPage,
  passwordPage,
  stopPage,
  waitingPage,
} from './recovery-page.ts';
import type { NotNow } from './recovery-words.ts';
import { steadily } from './steady-answer.ts';

/** A password of some hundred characters, each of up to four bytes, percent-encoded. */
const formBytes = 8 * 1_024;
const longestField = 1_000;
/** The longest wait (72 hours) and the window after it (48 hours), and a day for halts. */
const cookieSeconds = 6 * 86_400;
const tokenShape = /^[0-9a-f]{32}$/;

/**
 * Hosted recovery. No GET changes anything, and no POST does without what only the asking browser holds: a scanner that
 * opens, runs or presses everything in a mail uses nothing up. The cookie goes to no other site's request (SameSite=Strict),
 * so no page of theirs can press for a holder.
 */
export function makeRecoveryRoutes(services: Services, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const monotonicMs = (): number => performance.now();
  const asks = makeRequestLimit(askRate, monotonicMs);
  const allAsks = makeRequestLimit(allAsksRate, monotonicMs);
  const codes = makeRequestLimit(codeRate, monotonicMs);
  const allCodes = makeRequestLimit(allCodesRate, monotonicMs);
  const passwords = makeRequestLimit(passwordRate, monotonicMs);
  const looks = makeRequestLimit(codeRate, monotonicMs);

  /** With the prefix no other host of the same site can put one there (RFC 6265bis section 4.1.3.2). */
  function cookie(): { readonly name: string; readonly secure: boolean } {
    const secure = services.holderPages.publicUrl.startsWith('https:');
    return { secure, name: secure ? '__Host-allclear-recovery' : 'allclear-recovery' };
  }

  function hold(c: Context<ApiEnv>, token: string): void {
    const { name, secure } = cookie();
    setCookie(c, name, token, {
      httpOnly: true,
      sameSite: 'Strict',
      secure,
      path: '/',
      maxAge: cookieSeconds,
    });
  }

  function held(c: Context<ApiEnv>): string {
    const token = getCookie(c, cookie().name) ?? '';
    return tokenShape.test(token) ? token : '';
  }

  function notNow(c: Context<ApiEnv>, path: string, why: NotNow): Response | Promise<Response> {
    return c.html(notNowPage(readerOf(c, services), path, why), why === 'too-many' ? 429 : 503);
  }

  /** The same for everybody, before anything of this one request is looked at; null where it may go on. */
  async function refusal(
    c: Context<ApiEnv>,
    path: string,
    own: RequestLimit,
    all: RequestLimit | null,
  ): Promise<Response | null> {
    const wait = own.take(c.get('clientAddress')) || (all?.take('everyone') ?? 0);
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return notNow(c, path, 'too-many');
    }
    const readiness = await services.pageReadiness();
    return readiness === 'ready' ? null : notNow(c, path, readiness);
  }

  /** In steps of one length of time, and with one answer to whatever fails. */
  async function answer(
    c: Context<ApiEnv>,
    path: string,
    work: () => Promise<() => Response | Promise<Response>>,
  ): Promise<Response> {
    try {
      return await (
        await steadily(work)
      )();
    } catch (error) {
      log.error({ err: error, requestId: c.get('requestId') }, 'a page of recovery failed');
      return notNow(c, path, 'failed');
    }
  }

  app.use(addPageHeaders);
  app.use(bodyLimit({ maxSize: formBytes, onError: (c) => c.html(closedPage(readerOf(c, services)), 413) }));

  const { recovery } = services;
  if (recovery === null) {
    app.get('/', (c) => c.html(elsewherePage(readerOf(c, services))));
    return app;
  }
  addPages(recovery);
  return app;

  function addPages(pages: RecoveryPages): void {
    app.get('/', (c) => c.html(askPage(readerOf(c, services))));
    app.post('/', async (c) => {
      const { address } = await readFields(c, ['address'], longestField);
      const refused = await refusal(c, '/recover', asks, allAsks);
      if (refused !== null) return refused;
      const browser = held(c) || pages.newBrowser();
      if (!pages.ask({ address, browser, network: c.get('clientAddress') })) return notNow(c, '/recover', 'too-many');
      hold(c, browser);
      return c.redirect(`/recover/code?lang=${readerOf(c, services).language}`, 303);
    });

    app.get('/code', (c) => c.html(codePage(readerOf(c, services), false)));
    app.post('/code', async (c) => {
      const reader = readerOf(c, services);
      const { code } = await readFields(c, ['code'], longestField);
      const refused = await refusal(c, '/recover/code', codes, allCodes);
      if (refused !== null) return refused;
      return answer(c, '/recover/code', async () => {
        const typed = await pages.typeCode({ code, browser: held(c) });
        return () => {
          if (typed.kind === 'refused') return c.html(codePage(reader, true));
          if (typed.kind === 'nobody-told') return notNow(c, '/recover', 'no-mail');
          hold(c, typed.window);
          return c.redirect(`/recover/password?lang=${reader.language}`, 303);
        };
      });
    });

    app.get('/password', async (c) => {
      const reader = readerOf(c, services);
      const wait = looks.take(c.get('clientAddress')) || allCodes.take('everyone');
      if (wait > 0) {
        c.header('Retry-After', String(wait));
        return notNow(c, '/recover/password', 'too-many');
      }
      return answer(c, '/recover/password', async () => {
        const standing = await pages.readWindow(held(c));
        return () => {
          if (standing.kind === 'waiting') return c.html(waitingPage(reader, standing.opensAt));
          return c.html(standing.kind === 'open' ? passwordPage(reader, null) : closedPage(reader));
        };
      });
    });
    app.post('/password', async (c) => {
      const reader = readerOf(c, services);
      const { password, again } = await readFields(c, ['password', 'again'], longestField);
      const refused = await refusal(c, '/recover/password', passwords, null);
      if (refused !== null) return refused;
      // Both are what this very person typed just now: to compare them tells nobody anything.
      if (password !== again) return c.html(passwordPage(reader, 'different'), 422);
      return answer(c, '/recover/password', async () => {
        const result = await pages.setPassword({ window: held(c), password });
        return () => {
          switch (result.kind) {
            case 'done':
              return c.html(donePage(reader));
            case 'unfit':
              return c.html(passwordPage(reader, result.why), 422);
            case 'waiting':
              return c.html(waitingPage(reader, result.opensAt));
            case 'unavailable':
              return notNow(c, '/recover/password', 'failed');
            case 'closed':
              return c.html(closedPage(reader));
          }
        };
      });
    });

    app.get('/stop', (c) => c.html(stopPage(readerOf(c, services), 'asked')));
    app.post('/stop', async (c) => {
      const reader = readerOf(c, services);
      const { code } = await readFields(c, ['code'], longestField);
      const wait = codes.take(c.get('clientAddress')) || allCodes.take('everyone');
      if (wait > 0) {
        c.header('Retry-After', String(wait));
        return notNow(c, '/recover/stop', 'too-many');
      }
      return answer(c, '/recover/stop', async () => {
        const isRevoked = await pages.revoke({ code });
        return () => c.html(stopPage(reader, isRevoked ? 'stopped' : 'refused'));
      });
    });
  }
}
