import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeIfInstalled } from '../test/support/skip.ts';
import { chromiumCommand, openBrowser } from './browser.ts';
import { explore } from './explorer.ts';
import type { Explored } from './explorer.ts';

const site = 'http://planted.example/';
const policy = "default-src 'self'; script-src 'self'";
const script = `
  let presses = 0;
  document.getElementById('third').addEventListener('click', () => {
    presses += 1;
    if (presses === 3) throw new Error('the third press');
  });
  document.getElementById('ask').addEventListener('click', () => void fetch('/broken'));
  document.getElementById('late').addEventListener('click', () => void Promise.reject(new Error('nobody caught it')));
`;

const pageOf = (body: string): string =>
  `<!doctype html><html lang="en"><title>Planted</title><main><h1>Planted</h1>${body}</main></html>`;

describeIfInstalled(chromiumCommand, 'random exploring', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function exploring(body: string): Promise<Explored> {
    const page = await (await browser.newContext()).newPage();
    await page.route(`${site}**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/planted.js') return route.fulfill({ contentType: 'text/javascript', body: script });
      if (pathname === '/broken') return route.fulfill({ status: 500, body: 'broken' });
      const headers = { 'content-security-policy': policy, 'content-type': 'text/html; charset=utf-8' };
      return route.fulfill({ headers, body: pageOf(body) });
    });
    const seen = await explore({
      page,
      pages: [site],
      words: ['a word'],
      seed: 7,
      actions: 120,
      minutes: 2,
      comeBack: async () => false,
    });
    await page.context().close();
    return seen;
  }

  it('finds what was planted: an error thrown late, one that nobody caught, a broken answer, a refused style, an unnamed button', async () => {
    const { actions, errors, findings } = await exploring(
      `<button id="third">Press</button><button id="ask">Ask</button><button id="late">Late</button>
       <button style="color:red"></button><script src="/planted.js"></script>`,
    );
    expect(actions).toBe(120);
    const said = errors.map(({ what }) => what).join('\n');
    for (const planted of ['the third press', 'nobody caught it', '500 at /broken', 'Content Security Policy'])
      expect(said).toContain(planted);
    expect(findings.map(({ what }) => what).join()).toContain('button-name');
  });

  it('finds nothing where nothing is wrong', async () => {
    const { errors, findings } = await exploring(`<label>Name <input name="n" /></label><a href="/b">Next</a>`);
    expect([errors, findings]).toEqual([[], []]);
  });
});
