import { describe, expect, it } from 'vitest';
import { makeHttpApp } from '../../src/http/app.ts';
import type { ConsoleFile, ConsoleFiles } from '../../src/http/console/console-files.ts';
import { fakeServices, rememberingLog } from '../http/fake-services.ts';

const text = (written: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(written));
const file = (written: string, contentType: string, gzip: ConsoleFile['gzip'] = null): ConsoleFile => ({
  bytes: text(written),
  gzip,
  contentType,
});

const built: ConsoleFiles = {
  kind: 'built',
  page: '<!doctype html><title>Allclear</title><div id="console"></div>',
  assets: new Map([
    ['index-AbCdEf12.js', file('console.log(1)', 'text/javascript; charset=utf-8')],
    ['index-AbCdEf12.css', file('p{}', 'text/css; charset=utf-8', Uint8Array.from(Buffer.from('not really gzip')))],
  ]),
};

const appWith = (console: ConsoleFiles) => makeHttpApp(fakeServices(), { log: rememberingLog(), console });

describe('the console', () => {
  const app = appWith(built);

  it.each(['/console', '/console/', '/console/plans/plan_1', '/console/join'])(
    'is one page at every address below it, never kept: %s',
    async (address) => {
      const answer = await app.request(address);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('id="console"');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('set-cookie')).toBeNull();
    },
  );

  it.each(['/console/', '/console/assets/index-AbCdEf12.js'])(
    'runs no script and no style but its own files, in nobody’s frame: %s',
    async (address) => {
      const { headers } = await app.request(address);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|data:|blob:|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );

  it('keeps its files for ever, since their names change with them', async () => {
    const answer = await app.request('/console/assets/index-AbCdEf12.js');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toContain('text/javascript');
  });

  it('does not answer for a script that is gone with a page', async () => {
    const answer = await app.request('/console/assets/index-00000000.js');
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('<');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('leads nobody out of its folder', async () => {
    for (const name of ['..%2f..%2fpackage.json', '%2e%2e%2findex.html', 'built-from'])
      expect((await app.request(`/console/assets/${name}`)).status).toBe(404);
  });

  it('sends the smaller form only to whoever can read it', async () => {
    const plain = await app.request('/console/assets/index-AbCdEf12.css');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe('p{}');
    const packed = await app.request('/console/assets/index-AbCdEf12.css', {
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.headers.get('vary')).toContain('Accept-Encoding');
  });

  it('changes nothing by being asked in another way', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await app.request('/console/', { method })).status).toBe(404);
  });
});

describe('a server without a built console', () => {
  const app = appWith({ kind: 'missing', why: 'Building it failed: <b>no such file</b>' });

  it('says at /console why, and how to halt without it', async () => {
    const answer = await app.request('/console/');
    expect(answer.status).toBe(503);
    const page = await answer.text();
    expect(page).toContain('Building it failed: &lt;b&gt;no such file');
    expect(page).toContain('href="/console/halt"');
    expect(page).toContain('allclear halt');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('answers everything else as ever', async () => {
    expect((await app.request('/healthz')).status).toBe(200);
    expect((await app.request('/api/v1/plans')).status).toBe(401);
    expect((await app.request('/openapi.json')).status).toBe(200);
  });
});
