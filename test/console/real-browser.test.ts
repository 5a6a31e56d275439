import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeIfInstalled } from '../support/skip.ts';
import { withConsole } from './console-world.ts';

const launchMs = 60_000;
/** The very calls that a console makes, in a page of ours. */
const inPage = {
  async call({
    method,
    path,
    body,
  }: {
    method: string;
    path: string;
    body?: unknown;
  }): Promise<{ status: number; body: never }> {
    const init = { method, headers: { 'content-type': 'application/json', 'x-allclear-console': '1' } };
    const answer = await fetch(path, { ...init, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: answer.status, body: (await answer.json()) as never };
  },
  async create(options: never): Promise<object> {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    return made.toJSON() as object;
  },
  async get(options: never): Promise<object> {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const got = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
    return got.toJSON() as object;
  },
};

describeIfInstalled('chromium', 'passkeys are tried with a real browser', () => {
  let port = 0;
  // Before the world is made: its address is part of what passkeys are made for.
  beforeAll(async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    ({ port } = probe.address() as AddressInfo);
    await new Promise((resolve) => probe.close(resolve));
  });

  const at = withConsole({
    get publicUrl() {
      return `http://127.0.0.1:${port}`;
    },
  });
  let browser: Browser;
  let server: ReturnType<typeof serve>;

  beforeAll(async () => {
    server = serve({ fetch: (request, env) => at().fetch(request, env), hostname: '127.0.0.1', port });
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  }, launchMs);

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function openPage(): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(`http://localhost:${port}/healthz`);
    return { context, page };
  }

  async function enrol(page: Page, who: 0 | 1): Promise<void> {
    const code = await at().linkFor(at().people[who]);
    const options = await page.evaluate(inPage.call, {
      method: 'POST',
      path: '/api/v1/passkeys/options',
      body: { code },
    });
    const attestation = await page.evaluate(inPage.create, (options.body as { publicKey: never }).publicKey);
    const body = { code, name: 'laptop', attestation };
    const added = await page.evaluate(inPage.call, { method: 'POST', path: '/api/v1/passkeys', body });
    expect(added.status, JSON.stringify(added.body)).toBe(200);
  }

  async function signIn(page: Page): Promise<number> {
    const asked = await page.evaluate(inPage.call, { method: 'POST', path: '/api/v1/sessions/options', body: {} });
    const { challengeId, publicKey } = asked.body as { challengeId: string; publicKey: never };
    const assertion = await page.evaluate(inPage.get, publicKey);
    const body = { challengeId, assertion };
    return (await page.evaluate(inPage.call, { method: 'POST', path: '/api/v1/sessions', body })).status;
  }

  async function sayYes(page: Page): Promise<number> {
    const { digest, total } = at().facts;
    const asked = { kind: 'plan', subject: 'plan_7', digest, total, decision: 'approve' };
    const path = '/api/v1/approvals/options';
    const offered = await page.evaluate(inPage.call, { method: 'POST', path, body: asked });
    const { statement, publicKey } = offered.body as { statement: string; publicKey: never };
    const assertion = await page.evaluate(inPage.get, publicKey);
    const yes = { method: 'POST', path: '/api/v1/plans/plan_7/approvals', body: { statement, assertion } };
    return (await page.evaluate(inPage.call, yes)).status;
  }

  test('two people in two browsers enrol, sign in and say yes, and the cookie is out of reach of scripts', async () => {
    const contexts: BrowserContext[] = [];
    for (const who of [0, 1] as const) {
      const { context, page } = await openPage();
      contexts.push(context);
      await enrol(page, who);
      expect(await signIn(page)).toBe(200);
      expect(await page.evaluate(() => document.cookie)).toBe('');
      const current = await page.evaluate(inPage.call, { method: 'GET', path: '/api/v1/sessions/current' });
      expect(current.body).toMatchObject({ operator: { id: `operator_${who + 1}` }, canApprove: true });
      expect(await sayYes(page)).toBe(200);
    }
    for (const context of contexts) await context.close();
  });

  test('the plain halt page halts in a browser with scripts off', async () => {
    const { context, page } = await openPage();
    await enrol(page, 0);
    await signIn(page);
    const quiet = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
    const plain = await quiet.newPage();
    const faults: string[] = [];
    plain.on('console', (message) => faults.push(message.text()));
    await plain.goto(`http://127.0.0.1:${port}/console/halt`);
    expect(new URL(plain.url()).hostname).toBe('localhost');
    await plain.getByLabel('Which').fill('plan_7');
    await plain.getByLabel('Yes, halt now').check();
    const before = at().halts.length;
    await plain.getByRole('button', { name: 'HALT' }).click();
    expect(await plain.getByRole('heading', { level: 1 }).textContent()).toBe('Halted');
    expect(at().halts.slice(before)).toMatchObject([{ subject: 'plan_7', by: 'operator_1' }]);
    expect(faults).toEqual([]);
    await quiet.close();
    await context.close();
  });
});
