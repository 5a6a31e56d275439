import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { noticeNumberOf } from '../../src/domain/notice/notice-number.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { choosePageLanguage, pageLanguages } from '../../src/http/public/page-language.ts';
import { pressRate } from '../../src/http/public/page-rates.ts';
import { makeRequestLimit } from '../../src/http/request-limit.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';

const known = noticeNumberOf(new Uint8Array(10).fill(7));
const unknown = noticeNumberOf(new Uint8Array(10).fill(200));

function appWith(record: (number: string) => Promise<void> = async () => undefined) {
  const services = fakeServices({ recordDispute: async ({ number }) => record(number) });
  const log = rememberingLog();
  return { app: makeHttpApp(services, { log }), log };
}

async function seen(answer: Response, number: string): Promise<unknown> {
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'x-request-id'));
  return { status: answer.status, headers, text: (await answer.text()).replaceAll(number, 'NUMBER') };
}

describe('the page of a notice number', () => {
  it('nobody learns from it whether there is such a notice', async () => {
    const { app } = appWith();
    const [there, notThere] = await Promise.all(
      [known, unknown].map(async (number) => app.request(`/notices/${number}`)),
    );
    expect(await seen(there!, known)).toEqual(await seen(notThere!, unknown));
  });

  it('a look at it, by a scanner or a person, says nothing in their name', async () => {
    const pressed: string[] = [];
    const { app } = appWith(async (number) => void pressed.push(number));
    await app.request(`/notices/${known}`);
    await app.request(`/notices/${known}?lang=de`, { method: 'HEAD' });
    expect((await app.request(`/notices/${known}/disputes`)).status).toBe(404);
    expect(pressed).toEqual([]);
  });

  it('it never calls a mail genuine, and it runs no script, in any language', async () => {
    const { app } = appWith();
    for (const language of pageLanguages) {
      const answer = await app.request(`/notices/${known}?lang=${language}`);
      const text = await answer.text();
      expect(text).toContain(`<html lang="${language}"`);
      expect(text).not.toMatch(/genuine|authentic|echte? (mail|nachricht)|auténtic|本物|<script|javascript:| on\w+=/i);
      expect(text.match(/<button/g)).toHaveLength(2);
      expect(text.match(/<form [^>]*>/g)).toEqual([
        `<form method="post" action="/notices?lang=${language}">`,
        `<form method="post" action="/notices/${known}/disputes?lang=${language}">`,
      ]);
    }
  });

  it('its own style is the only thing that its policy lets in', async () => {
    const { app } = appWith();
    const answer = await app.request(`/notices/${known}`);
    const style = /<style>([\s\S]*?)<\/style>/.exec(await answer.text())?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`style-src 'sha256-${digest}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|script-src|https?:/);
  });

  it('what is no number gets the empty form, and nothing of what was typed', async () => {
    const { app } = appWith();
    const answers = [`/notices/${encodeURIComponent('<b>x</b>')}`, '/notices'].map(async (path) => app.request(path));
    const [odd, empty] = await Promise.all(answers);
    expect(await seen(odd!, 'x')).toEqual(await seen(empty!, 'x'));
    expect((await app.request('/notices/nothing/disputes', { method: 'POST' })).status).toBe(404);
  });

  it('it leads to the recovery page of the service, in words where none is configured', async () => {
    const { app } = appWith();
    expect(await (await app.request(`/notices/${known}?lang=en`)).text()).toContain('choose “Forgot password” there');
    const recoveryUrl = 'https://chirp.test/forgot?from=notice&x=1';
    const configured = fakeServices({ holderPages: { recoveryUrl, supportContact: 'x', publicUrl: 'https://a.test' } });
    const answer = await makeHttpApp(configured, { log: rememberingLog() }).request(`/notices/${known}?lang=en`);
    expect(await answer.text()).toContain('<a href="https://chirp.test/forgot?from=notice&amp;x=1">');
  });
});

describe('"this is not right"', () => {
  it('a press is taken down once, and its sender learns nothing of the notice', async () => {
    const pressed: string[] = [];
    const { app } = appWith(async (number) => void pressed.push(number));
    const answers = await Promise.all(
      [known, unknown].map(async (number) => app.request(`/notices/${number}/disputes`, { method: 'POST' })),
    );
    expect(await seen(answers[0]!, known)).toEqual(await seen(answers[1]!, unknown));
    expect(pressed.toSorted()).toEqual([known, unknown].toSorted());
  });

  it('a press that could not be recorded is not thanked for', async () => {
    const { app, log } = appWith(async () => {
      throw new Error('database down');
    });
    const answer = await app.request(`/notices/${known}/disputes?lang=en`, { method: 'POST' });
    const text = await answer.text();
    expect(answer.status).toBe(503);
    expect(text).not.toContain('Thank you');
    expect(text).toContain('<form ');
    expect(JSON.stringify(log.lines)).not.toContain(known);
  });

  it('a flood from one network is turned away, and another network is still heard', () => {
    let nowMs = 0;
    const limit = makeRequestLimit(pressRate, () => nowMs);
    const flood = Array.from({ length: 100 }, () => limit.take('2001:db8:1:2'));
    expect(flood.filter((wait) => wait === 0).length).toBe(30);
    expect(limit.take('2001:db8:1:3')).toBe(0);
    expect(limit.take('192.0.2.1')).toBe(0);
    nowMs += 1_500;
    expect(limit.take('2001:db8:1:2')).toBe(1);
    nowMs += 500;
    expect(limit.take('2001:db8:1:2')).toBe(0);
    expect(limit.take('2001:db8:1:2')).toBe(2);
  });
});

it('a reader gets the language that they asked for, else the best that their browser names, else English', () => {
  expect(choosePageLanguage('ja', 'de')).toBe('ja');
  expect(choosePageLanguage(undefined, 'fr, es-MX;q=0.7, de;q=0.9')).toBe('de');
  expect(choosePageLanguage('xx', 'fr;q=1, *;q=0.5')).toBe('en');
  expect(choosePageLanguage(undefined, 'de;q=0, ja;q=0.1')).toBe('ja');
  expect(choosePageLanguage(undefined, undefined)).toBe('en');
});
