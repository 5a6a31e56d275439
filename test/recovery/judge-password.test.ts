import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBreachedRange } from '../../src/adapters/password/breached-range.ts';
import { makePasswordJudge } from '../../src/adapters/password/judge-password.ts';

const leaked = 'wandering otters applaud quietly';

describe('the judge of new passwords', () => {
  let server: Server;
  let mode: 'answers' | 'fails' | 'redirects' = 'answers';
  const asked: string[] = [];
  const warnings: string[] = [];
  let url = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (mode === 'fails') return void response.writeHead(503).end();
      if (mode === 'redirects') return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      const digest = createHash('sha1').update(leaked).digest('hex').toUpperCase();
      const padded = createHash('sha1').update('ten purple kettles sing').digest('hex').toUpperCase();
      response.end(`${digest.slice(5)}:3\r\n${padded.slice(5)}:0\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`;
  });
  afterAll(() => void server.close());

  it('knows a leaked password by a range, and shows nobody more than five digits of its digest', async () => {
    const judge = makePasswordJudge(makeBreachedRange(url, (words) => warnings.push(words)));
    expect(await judge.judge(leaked, [])).toBe('breached');
    expect(await judge.judge('ten purple kettles sing', [])).toBe('fine');
    for (const path of asked) expect(path).toMatch(/^\/range\/[0-9A-F]{5}$/);
  });

  it('goes on without the server, and says so to the operators', async () => {
    const judge = makePasswordJudge(makeBreachedRange(url, (words) => warnings.push(words)));
    for (const next of ['fails', 'redirects'] as const) {
      mode = next;
      expect(await judge.judge(leaked, [])).toBe('fine');
      expect(await judge.judge('password1', [])).toBe('guessable');
    }
    const gone = makePasswordJudge(makeBreachedRange('http://127.0.0.1:1/', (words) => warnings.push(words)));
    expect(await gone.judge(leaked, [])).toBe('fine');
    expect(warnings).toHaveLength(3);
    expect(warnings.join()).not.toContain(leaked);
  });

  it('takes what belongs to a person for easy to guess, and asks for no kinds of characters', async () => {
    const judge = makePasswordJudge(null);
    const known = ['Chirp', 'kestrelwatcher@example.org', 'kestrelwatcher', 'example'];
    expect(await judge.judge('kestrelwatcher1', known)).toBe('guessable');
    expect(await judge.judge('ladder pebble sunday grape', known)).toBe('fine');
  });
});
