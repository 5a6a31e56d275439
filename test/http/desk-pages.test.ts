import { describe, expect, it, test } from 'vitest';
import { makeHttpApp } from '../../src/http/app.ts';
import { pageLanguages } from '../../src/http/public/page-language.ts';
import type { PageReadiness, RecoveryPages, Services } from '../../src/http/services.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';
import { sampleStatement as statement } from './sample-statement.ts';

const recovery: RecoveryPages = {
  newBrowser: () => '0'.repeat(32),
  ask: () => true,
  typeCode: async () => ({ kind: 'refused' }),
  readWindow: async () => ({ kind: 'open' }),
  setPassword: async () => ({ kind: 'closed' }),
  revoke: async () => false,
};

function appOver(given: Partial<Services>) {
  return makeHttpApp(fakeServices(given), { log: rememberingLog() });
}

const post = (app: ReturnType<typeof appOver>, path: string, fields: Readonly<Record<string, string>> = {}) =>
  app.request(path, { method: 'POST', body: new URLSearchParams(fields) });

describe('an address at which nothing is', () => {
  const languages = ['en', 'de', 'es', 'ja'];
  const ask = (path: string, accept: string) => appOver({}).request(path, { headers: { accept } });

  it.each(languages)('is a page with every way on for a person with a browser (%s)', async (language) => {
    const answer = await ask(`/recovery?lang=${language}`, 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    for (const way of ['/notices', '/recover', '/my-status', '/appeal', '/status'])
      expect(page).toContain(`href="${way}?lang=${language}"`);
    expect(page).not.toContain('allclear ');
  });

  it('stays a problem for a program, and repeats nothing of what was typed', async () => {
    const answer = await ask('/recovery', '*/*');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((await ask('/api/v1/nothing', 'text/html')).headers.get('content-type')).toContain('problem+json');
    expect(await (await ask('/%3Cscript%3E?x=%3Cscript%3E', 'text/html')).text()).not.toContain('<script');
  });
});

describe('pages that write a mail', () => {
  for (const readiness of ['no-mail', 'halted', 'away'] satisfies PageReadiness[])
    it(`say clearly, and the same for every address, that it is not possible now (${readiness}), and begin nothing`, async () => {
      const asked: string[] = [];
      const app = appOver({
        recovery: { ...recovery, ask: ({ address }) => asked.push(address) > 0 },
        askStatus: ({ address }) => asked.push(address) > 0,
        pageReadiness: async () => readiness,
      });
      for (const path of ['/recover', '/my-status']) {
        const answers = await Promise.all(
          ['a@chirp.test', 'b@nowhere.test'].map(async (address) => {
            const answer = await post(app, path, { address });
            return { status: answer.status, cookie: answer.headers.get('set-cookie'), body: await answer.text() };
          }),
        );
        expect(answers[0]).toEqual(answers[1]);
        expect(answers[0]).toMatchObject({ status: 503, cookie: null });
      }
      expect(asked).toEqual([]);
    });

  it('hold people off who ask too often, one network at a time', async () => {
    const app = appOver({ recovery, askStatus: () => true });
    const statuses = [];
    for (let time = 0; time < 12; time += 1) statuses.push((await post(app, '/recover', { address: 'a@b.c' })).status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(10);
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it('show nothing of what failed inside', async () => {
    const app = appOver({
      recovery: {
        ...recovery,
        setPassword: async () => {
          throw new Error('the secret is swordfish');
        },
      },
    });
    const answer = await post(app, '/recover/password', { password: 'x', again: 'x' });
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('swordfish');
  });
});

test('every public page is there in every language, without script, under a policy that would forbid one', async () => {
  const app = appOver({
    recovery,
    publicStatements: async () => ['plan_7'],
    publicStatement: async () => statement,
  });
  const paths = ['/', '/notices', '/recover', '/recover/code', '/recover/password', '/recover/stop'];
  for (const path of [...paths, '/appeal', '/my-status', '/status']) {
    const bodies = await Promise.all(
      pageLanguages.map(async (language) => {
        const answer = await app.request(`${path}?lang=${language}`);
        const body = await answer.text();
        expect(answer.status, path).toBe(200);
        expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
        expect(body).toContain(`<html lang="${language}">`);
        expect(body).not.toMatch(/<script|\son[a-z]+=|style="/i);
        return body;
      }),
    );
    expect(new Set(bodies).size, path).toBe(pageLanguages.length);
  }
});

describe('the landing page', () => {
  it('leads readers to all that they can do, and operators to their doors', async () => {
    const body = await (await appOver({ recovery }).request('/')).text();
    for (const path of ['/notices', '/recover', '/my-status', '/appeal', '/status'])
      expect(body).toContain(`href="${path}?lang=en"`);
    for (const path of ['/console', '/docs']) expect(body).toContain(`href="${path}"`);
  });
});

describe('recovery on the service’s own page', () => {
  it('is named in words, and takes no code and no password here', async () => {
    const app = appOver({
      holderPages: { recoveryUrl: 'https://chirp.test/forgot', supportContact: 'x', publicUrl: 'https://a.test' },
    });
    expect(await (await app.request('/recover')).text()).toContain('https://chirp.test/forgot');
    for (const path of ['/recover', '/recover/code', '/recover/password'])
      expect((await post(app, path, { code: 'AAAA-AAAA', password: 'x' })).status).toBe(404);
  });
});

describe('the status feeds', () => {
  const app = appOver({ publicStatements: async () => ['plan_7'], publicStatement: async () => statement });

  it('tell what the ledger says and nothing that is not known, as well-formed Atom', async () => {
    const answer = await app.request('/status.atom');
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const xml = await answer.text();
    expect(xml).toContain('<updated>2026-11-20T10:05:00.000Z</updated>');
    expect(xml).toContain('<id>https://account.chirp.test/statement/plan_7</id>');
    expect(xml).toContain('Told that their password was reset: 560');
    expect(xml).toContain('Chirp &amp; &lt;b&gt;Co');
    expect(/<author><name>([^<]*)</.exec(xml)?.[1]).not.toContain('What happened');
    expect(xml).not.toContain('Given their password back');
    expect(xml.replaceAll(/&(amp|lt|gt|quot);/g, '')).not.toContain('&');
    const opened = [...xml.replaceAll(/<[^>]*[/?]>/g, '').matchAll(/<([a-z]+)[ >]/g)].map((match) => match[1]);
    const closed = [...xml.matchAll(/<\/([a-z]+)>/g)].map((match) => match[1]);
    expect(closed.toSorted()).toEqual(opened.toSorted());
  });

  it('are the same in JSON, in the language that was asked for', async () => {
    const feed = (await (await app.request('/status.json?lang=de')).json()) as {
      version: string;
      language: string;
      items: { id: string; content_text: string; date_modified: string }[];
    };
    expect(feed).toMatchObject({ version: 'https://jsonfeed.org/version/1.1', language: 'de' });
    expect(feed.items).toMatchObject([
      { id: 'https://account.chirp.test/statement/plan_7', date_modified: '2026-11-20T10:05:00.000Z' },
    ]);
    expect(feed).toMatchObject({ authors: [{ name: expect.stringContaining('Chirp') }] });
    expect(feed.items[0]!.content_text).toContain('Angehalten');
  });

  it('tell it in the order in which it happened, also where somebody halted before the first reader complained', async () => {
    const at = (minute: number) => ({ value: new Date(Date.UTC(2026, 10, 20, 10, minute)), source: 'a test' });
    const times = { ...statement.times, started: at(0), halted: at(1), firstDispute: at(4) };
    const page = await (
      await appOver({ publicStatement: async () => ({ ...statement, times }) }).request('/statement/plan_7')
    ).text();
    const places = ['Started', 'Halted', 'First reader said'].map((words) => page.indexOf(words));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places).not.toContain(-1);
  });

  it('publish nothing that the ledger does not vouch for', async () => {
    const broken = appOver({
      publicStatements: async () => ['plan_7'],
      publicStatement: async () => {
        throw new Error('the ledger is broken');
      },
    });
    for (const path of ['/status', '/status.atom', '/status.json'])
      expect((await broken.request(path)).status).toBe(503);
  });
});
