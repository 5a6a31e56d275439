import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { serve } from '@hono/node-server';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeHttpApp } from '../../src/http/app.ts';
import { fakeServices, rememberingLog } from '../http/fake-services.ts';
import { sampleStatement } from '../http/sample-statement.ts';
import { describeIfInstalled } from '../support/skip.ts';

/** A telephone held upright. */
const viewport = { width: 390, height: 844 };
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const offline = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** Where pictures go when somebody wants to look; nowhere otherwise. */
const pictures = process.env['ALLCLEAR_TEST_PICTURES'];

const pages: readonly (readonly [string, string, Readonly<Record<string, string>>?])[] = [
  ['home', '/'],
  ['notices', '/notices/8F3K-22QD-9PXA-77TR-C'],
  ['checked', '/notices', { number: '8F3K-22QD-9PXA-77TR-C', address: 'a@chirp.test' }],
  ['recover', '/recover'],
  ['recover-code', '/recover/code'],
  ['recover-code-refused', '/recover/code', { code: 'AAAA-AAAA' }],
  ['recover-password', '/recover/password'],
  ['recover-password-unfit', '/recover/password', { password: 'password1', again: 'password1' }],
  ['recover-stop', '/recover/stop'],
  ['appeal', '/appeal'],
  ['appeal-taken', '/appeal', { number: 'x', address: 'y', words: '' }],
  ['my-status', '/my-status'],
  ['my-status-taken', '/my-status', { address: 'a@chirp.test' }],
  ['status', '/status'],
  ['statement', '/statement/plan_7'],
];

const goodCode = 'ABCD-2345';
const goodPassword = 'ladder pebble sunday grape';

describeIfInstalled('chromium', 'public pages are looked at as a telephone shows them', () => {
  let browser: Browser;
  let url = '';
  const asked: string[] = [];
  let stop = (): void => undefined;

  beforeAll(async () => {
    const services = fakeServices({
      publicStatements: async () => ['plan_7'],
      publicStatement: async () => sampleStatement,
      openAppeal: async () => undefined,
      askStatus: () => true,
      checkNotice: async ({ number }) => ({
        number: number as never,
        isSureSent: true,
        at: new Date('2026-11-20T09:30:00Z'),
        subject: 'We reset your password',
        link: 'https://account.chirp.test/notices/8F3K-22QD-9PXA-77TR-C',
        standing: { kind: 'checking' },
        suspension: null,
        later: null,
      }),
      recovery: {
        newBrowser: () => '0'.repeat(32),
        ask: ({ browser: asking }) => asked.push(asking) > 0,
        typeCode: async ({ code, browser: typing }) =>
          code === goodCode && asked.includes(typing)
            ? { kind: 'typed', window: 'f'.repeat(32), opensAt: new Date(), isWaiting: false }
            : { kind: 'refused' },
        readWindow: async () => ({ kind: 'open' }),
        setPassword: async ({ window, password }) =>
          window === 'f'.repeat(32) && password === goodPassword
            ? { kind: 'done' }
            : { kind: 'unfit', why: 'guessable' },
        revoke: async () => false,
      },
    });
    const server = serve({
      fetch: makeHttpApp(services, { log: rememberingLog() }).fetch,
      hostname: '127.0.0.1',
      port: 0,
    });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    stop = () => void server.close();
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...quiet, ...offline] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    stop();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`nobody is kept out by a page, and nothing runs off its side (${colorScheme})`, async () => {
      const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true, locale: 'en' });
      const page = await context.newPage();
      const failed: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') failed.push(message.text());
      });
      for (const [name, path, fields] of pages) {
        await page.goto(new URL(path, url).href);
        if (fields !== undefined) {
          for (const [field, value] of Object.entries(fields)) await page.fill(`[name=${field}]`, value);
          await page.click('form:first-of-type button');
        }
        const axe = new AxeBuilder({ page });
        // In the dark only the colours are other ones.
        const { violations } = await (colorScheme === 'dark' ? axe.withRules('color-contrast') : axe).analyze();
        const found = violations.map((one) => `${name}: ${one.id} ${one.nodes.map((node) => node.html).join(' ')}`);
        expect(found).toEqual([]);
        const wider = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect(wider, name).toBeLessThanOrEqual(0);
        if (pictures !== undefined) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), fullPage: true });
        }
      }
      // A refused password is an answer of 422, which the console of a browser names as well.
      expect(failed.filter((text) => !text.includes('422'))).toEqual([]);
      await context.close();
    }, 120_000);

  test('no page runs off the side of a narrow phone, in any language', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 700 }, locale: 'en' });
    const page = await context.newPage();
    for (const [name, path, fields] of [...pages, ['nowhere', '/nowhere', undefined] as const]) {
      if (fields !== undefined) continue;
      for (const language of ['en', 'de', 'es', 'ja']) {
        await page.goto(new URL(`${path}?lang=${language}`, url).href);
        const wider = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect(wider, `${name} ${language}`).toBeLessThanOrEqual(0);
      }
    }
    await context.close();
  }, 60_000);

  test('a real browser carries its holder from the address to the new password, and no other browser can go on', async () => {
    const [holder, other] = [await browser.newContext({ viewport }), await browser.newContext({ viewport })];
    const page = await holder.newPage();
    await page.goto(new URL('/recover', url).href);
    await page.fill('[name=address]', 'a@chirp.test');
    await page.click('button');
    expect(new URL(page.url()).pathname).toBe('/recover/code');
    const stranger = await other.newPage();
    await stranger.goto(new URL('/recover/code', url).href);
    await stranger.fill('[name=code]', goodCode);
    await stranger.click('button');
    expect(await stranger.textContent('[role=alert]')).toContain('does not fit');
    await page.fill('[name=code]', goodCode);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/recover/password?*');
    await page.fill('[name=password]', goodPassword);
    await page.fill('[name=again]', `${goodPassword}s`);
    await page.click('button');
    expect(await page.textContent('[role=alert]')).toContain('not the same');
    await page.fill('[name=password]', goodPassword);
    await page.fill('[name=again]', goodPassword);
    await page.click('button');
    expect(await page.textContent('h1')).toBe('Your new password is set');
    const cookies = await holder.cookies();
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', value: 'f'.repeat(32) }]);
    await Promise.all([holder.close(), other.close()]);
  }, 60_000);
});
