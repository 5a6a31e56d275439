import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import type { HttpOptions } from '../app.ts';
import { makeRequestNote } from '../note-request.ts';
import type { Services } from '../services.ts';
import { makeNoticeMould } from './notice-mould.ts';
import type { PageBytes } from './notice-mould.ts';
import { pageHeaders, pageType } from './page-layout.ts';
import { readerAsking } from './page-reader.ts';

/** The address of a notice's page as its link and its languages write it, and no other way of writing it. */
const written =
  /^\/notices\/([0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}-[0-9A-HJKMNP-TV-Z])(?:\?lang=([a-z]{2}))?$/;
/** A host, perhaps with a port. Whatever else stands there is the router's to refuse. */
const plainHost = /^[A-Za-z0-9.-]+(?::\d{1,5})?$/;
/** The pattern of the route in `makeNoticeRoutes` that answers the same. */
const route = '/notices/:number';

/**
 * The page of a notice is what everybody opens in the minutes after a wave. Asked for plainly, a GET of the address that the
 * notice holds, it is answered here, ahead of the router; all else, and a page that was not rendered yet, goes on to
 * `next`. Both answer the same bytes and headers, from the same mould: test/http/notice-front.test.ts compares them.
 */
export function makeNoticeFront(
  services: Services,
  { log, onRequest }: Pick<HttpOptions, 'log' | 'onRequest'>,
  next: RequestListener,
): RequestListener {
  const mould = makeNoticeMould();
  const note = makeRequestNote(log, onRequest);
  const fixed = Object.entries({ ...pageHeaders, 'Content-Type': pageType }).flatMap(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  return (request, response) => {
    const startedMs = performance.now();
    const page = pageAskedFor(request);
    if (page === null) return next(request, response);
    const requestId = randomUUID();
    response.writeHead(200, [...fixed, 'x-request-id', requestId, 'content-length', String(page.length)]);
    response.end(page, 'latin1');
    note(requestId, startedMs, { method: 'GET', route, status: 200 });
  };

  function pageAskedFor({ method, url = '', headers }: IncomingMessage): PageBytes | null {
    if (method !== 'GET') return null;
    const [, typed, lang] = written.exec(url) ?? [];
    if (typed === undefined || !plainHost.test(headers.host ?? '')) return null;
    // A body is read, and its length judged, by whoever takes the request whole.
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return null;
    const number = parseNoticeNumber(typed);
    return number === null ? null : mould.pageAtHand(readerAsking(lang, headers['accept-language'], services), number);
  }
}
