import { beforeAll, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeToken } from '../../src/app/operator/make-token.ts';
import type { TokenScope } from '../../src/domain/approval/token-scope.ts';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import { withConsole } from './console-world.ts';

const at = withConsole();
let cookie: string;
let bosCookie: string;

beforeAll(async () => {
  const { people, enrol, signIn } = at();
  const [adas, bos] = [new SoftwareAuthenticator(), new SoftwareAuthenticator()];
  await enrol(people[0], adas);
  await enrol(people[1], bos);
  cookie = await signIn(adas);
  bosCookie = await signIn(bos);
});

async function open(as: string | null): Promise<{ page: string; proof: string; headers: Headers }> {
  const answer = await at().send('/console/halt', { headers: as === null ? {} : { cookie: as } });
  expect(answer.status).toBe(200);
  const page = await answer.text();
  return { page, proof: /name="proof" value="([0-9a-f]*)"/.exec(page)?.[1] ?? 'none', headers: answer.headers };
}

async function press(fields: Record<string, string>, as: string | null): Promise<{ status: number; page: string }> {
  const body = new URLSearchParams({ scope: 'all', subject: '', reason: '', ...fields });
  const answer = await at().send('/console/halt', { method: 'POST', body, headers: as === null ? {} : { cookie: as } });
  return { status: answer.status, page: await answer.text() };
}

async function tokenOf(scope: TokenScope): Promise<string> {
  const { world, people } = at();
  const { operatorId } = people[0].operator;
  const wanted = { operatorId, scope: [scope], hours: 1, nonce: null };
  const issued = await world.store.transact((tx) => makeToken(digests, tx, wanted));
  return issued?.token ?? '';
}

describe('the plain halt page', () => {
  test('has no script and lets none run, and looking at it halts nothing', async () => {
    const before = at().halts.length;
    for (const as of [null, cookie]) {
      const { page, headers } = await open(as);
      expect(page).not.toMatch(/<script|javascript:|\son[a-z]+=/i);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'/,
      );
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect(at().halts.length).toBe(before);
  });

  test('halts for whoever is signed in, and says what stopped and what no halt reaches', async () => {
    const { proof, page: form } = await open(cookie);
    expect(form).toContain('signed in as');
    const { status, page } = await press({ proof, sure: 'yes', subject: 'plan_7', reason: 'people write' }, cookie);
    expect(status).toBe(200);
    expect(at().halts.at(-1)).toEqual({ subject: 'plan_7', scope: 'all', reason: 'people write', by: 'operator_1' });
    expect(page).toMatch(/plan_7<\/th>\s*<td>tell<\/td>\s*<td>3<\/td>\s*<td>41<\/td>\s*<td>17<\/td>/);
    expect(page).toContain('41 mails were handed over');
  });

  test('halts for a token in the form that can do nothing else', async () => {
    const { page } = await open(null);
    expect(page).toContain('name="token"');
    const { status } = await press({ token: await tokenOf('halt'), sure: 'yes', scope: 'tell' }, null);
    expect([status, at().halts.at(-1)?.scope]).toEqual([200, 'tell']);
  });

  test.each<[string, number, () => Promise<[Record<string, string>, string | null]>]>([
    ['nobody', 401, async () => [{ sure: 'yes' }, null]],
    ['a token that nobody has', 401, async () => [{ sure: 'yes', token: `act_${'0'.repeat(64)}` }, null]],
    ['a token that may not halt', 403, async () => [{ sure: 'yes', token: await tokenOf('read') }, null]],
    ['a page that is not ours', 403, async () => [{ sure: 'yes' }, cookie]],
    ["somebody else's form", 403, async () => [{ sure: 'yes', proof: (await open(bosCookie)).proof }, cookie]],
    ['a slip of the hand', 400, async () => [{ proof: (await open(cookie)).proof }, cookie]],
    ['what is no plan', 400, async () => [{ proof: (await open(cookie)).proof, sure: 'yes', subject: 'plan' }, cookie]],
  ])('halts nothing for %s', async (_, expected, given) => {
    const before = at().halts.length;
    const [fields, as] = await given();
    const { status, page } = await press(fields, as);
    expect([status, at().halts.length]).toEqual([expected, before]);
    expect(page).toContain('role="alert"');
    if (fields['token'] !== undefined) expect(page).not.toContain(fields['token']);
  });

  test('shows a hostile subject as text', async () => {
    const answer = await at().send('/console/halt?subject=%22%3E%3Cscript%3Ealert(1)%3C/script%3E');
    expect(await answer.text()).not.toContain('<script>');
  });

  test('opened by number it goes to the name that the cookie and the passkey are for', async () => {
    const answer = await at().send('http://127.0.0.1:8470/console/halt?subject=plan_7');
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'http://localhost:8470/console/halt?subject=plan_7',
    ]);
  });
});
