import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeIfInstalled } from '../test/support/skip.ts';
import { chromiumCommand, openBrowser, openPerson, phone, seriousFindings, smallTargets } from './browser.ts';

const mail = (body: string): string =>
  `<!doctype html><html lang="en"><head><title>A mail</title></head><body><main>${body}</main></body></html>`;
const pages: Readonly<Record<string, string>> = {
  '/': mail('<h1>Mailbox</h1><iframe sandbox="" src="/bad" title="The mail"></iframe>'),
  '/fine': mail('<h1>Mailbox</h1><iframe sandbox="" src="/good" title="The mail"></iframe>'),
  '/good': mail('<h1>Your password</h1><p>We reset it.</p>'),
  '/bad': mail('<h1>Your password</h1><img src="data:," width="9" height="9"><p style="color:#eee">We reset it.</p>'),
};

describeIfInstalled(chromiumCommand, 'a mail in a frame without scripts', () => {
  let browser: Browser;
  let server: ReturnType<typeof serve>;
  let origin = '';

  beforeAll(async () => {
    server = serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request: Request) =>
        new Response(pages[new URL(request.url).pathname] ?? '', { headers: { 'content-type': 'text/html' } }),
    });
    await new Promise<void>((resolve) => server.once('listening', () => resolve()));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('is looked over with the page that shows it, and what stands in a reader’s way in it is found', async () => {
    const { page } = await openPerson(browser, phone);
    await page.goto(`${origin}/`);
    const found = await seriousFindings(page);
    expect(found.map((finding) => finding.split(':')[0])).toEqual(
      expect.arrayContaining(['in a frame, image-alt', 'in a frame, color-contrast']),
    );
    await page.goto(`${origin}/fine`);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
  });
});
