import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noticeNumberOf } from '../../src/domain/notice/notice-number.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import type { HttpOptions } from '../../src/http/app.ts';
import type { SeenRequest } from '../../src/http/note-request.ts';
import { makeNoticeFront } from '../../src/http/public/notice-front.ts';
import { pageLanguages } from '../../src/http/public/page-language.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';

const number = noticeNumberOf(new Uint8Array(10).fill(7));
const other = noticeNumberOf(new Uint8Array(10).fill(200));
/** A number is read by a check symbol: this one's does not fit. */
const wrong = `${number.slice(0, -1)}${number.endsWith('0') ? '1' : '0'}`;

interface Seen {
  readonly status: string;
  readonly headers: readonly string[];
  readonly body: string;
  readonly noted: readonly Omit<SeenRequest, 'seconds'>[];
  readonly logged: string;
}

/** Without what no two answers share: the second, the id of the request, how long it took. Names of headers are written either way. */
function steady(text: string): string {
  return text
    .replace(/^date: .*/i, 'date')
    .replace(/^[A-Za-z-]+: /, (name) => name.toLowerCase())
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
    .replaceAll(/"ms":\d+/g, '"ms"');
}

/** One server, and what it answers to a request as it stands. */
async function serverOf(listen: (router: RequestListener, http: HttpOptions) => RequestListener) {
  const noted: SeenRequest[] = [];
  const log = rememberingLog();
  const services = fakeServices();
  const http: HttpOptions = { log, onRequest: (request) => void noted.push(request) };
  const answer = getRequestListener(makeHttpApp(services, http).fetch);
  const server = createServer(listen((request, response) => void answer(request, response), http));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    close: () => server.close(),
    async ask(request: string): Promise<Seen> {
      noted.length = 0;
      const linesBefore = log.lines.length;
      const socket: Socket = connect(port, '127.0.0.1');
      socket.end(request);
      let text = '';
      for await (const piece of socket) text += (piece as Buffer).toString('latin1');
      const [head = '', ...body] = text.split('\r\n\r\n');
      const [status = '', ...headers] = head.split('\r\n');
      return {
        status: steady(status),
        headers: headers.map(steady).toSorted(),
        body: steady(body.join('\r\n\r\n')),
        noted: noted.map(({ method, route, status: code }) => ({ method, route, status: code })),
        logged: steady(JSON.stringify(log.lines.slice(linesBefore))),
      };
    },
  };
}

let byRouter: Awaited<ReturnType<typeof serverOf>>;
let byFront: typeof byRouter;
/** Of the requests to the second server, those that its router saw. */
let passedOn = 0;

beforeAll(async () => {
  byRouter = await serverOf((router) => router);
  byFront = await serverOf((router, http) =>
    makeNoticeFront(fakeServices(), http, (request: IncomingMessage, response: ServerResponse<IncomingMessage>) => {
      passedOn += 1;
      router(request, response as never);
    }),
  );
});
afterAll(() => {
  byRouter.close();
  byFront.close();
});

/** Asked twice: the first look has to render. Says how many of the two went on to the router. */
async function askBoth(request: string): Promise<number> {
  const before = passedOn;
  const answer = await byRouter.ask(request);
  expect(await byFront.ask(request)).toEqual(answer);
  expect(await byFront.ask(request)).toEqual(answer);
  return passedOn - before;
}

const get = (path: string, more = '', host = 'a.test') =>
  `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n${more}\r\n`;

test('the page of a notice is the same, byte for byte, whether the router answers or the front ahead of it', async () => {
  for (const language of pageLanguages) {
    expect(await askBoth(get(`/notices/${number}?lang=${language}`))).toBeLessThan(2);
    expect(await askBoth(get(`/notices/${other}`, `accept-language: xx, ${language}-ZZ;q=0.9, en;q=0.1\r\n`))).toBe(0);
  }
  expect(await askBoth(get(`/notices/${number}`))).toBe(0);
  expect(await askBoth(get(`/notices/${number}?lang=xx`, 'accept-language: *\r\n', 'a.test:8080'))).toBe(0);
});

test.each([
  ['a number whose check symbol does not fit', get(`/notices/${wrong}`)],
  ['a number in small letters', get(`/notices/${number.toLowerCase()}`)],
  ['another query', get(`/notices/${number}?lang=de&x=1`)],
  ['a language twice', get(`/notices/${number}?lang=de&lang=ja`)],
  ['a written-out language', get(`/notices/${number}?lang=%64e`)],
  ['a path below', get(`/notices/${number}/disputes`)],
  ['a slash at the end', get(`/notices/${number}/`)],
  ['a whole address', get(`http://a.test/notices/${number}`)],
  ['a host that is none', get(`/notices/${number}`, '', 'a.test/x@y')],
  ['a GET with a body', get(`/notices/${number}`, 'content-length: 2\r\n').concat('ab')],
  ['a HEAD', get(`/notices/${number}`).replace('GET', 'HEAD')],
  ['a press', `POST /notices/${other} HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`],
  ['the empty form', get('/notices')],
])('the front leaves %s to the router', async (_what, request) => {
  expect(await askBoth(request)).toBe(2);
});
