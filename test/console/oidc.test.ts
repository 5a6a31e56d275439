import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeOidcProvider } from '../../src/adapters/oidc/oidc-provider.ts';
import type { IdentityProvider } from '../../src/app/ports/identity-provider.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { fakeServices, rememberingLog } from '../http/fake-services.ts';
import { openOidcPeer } from '../support/oidc-peer.ts';
import type { OidcPeer, OidcPerson } from '../support/oidc-peer.ts';
import { origin, withConsole } from './console-world.ts';

const redirectUri = `${origin}/auth/oidc/callback`;
let peer: OidcPeer;
let provider: IdentityProvider;
let now = new Date();

beforeAll(async () => {
  peer = await openOidcPeer(redirectUri);
  const { issuer, clientId, clientSecret } = peer;
  provider = makeOidcProvider({ issuer, clientId, clientSecret, redirectUri, key: randomBytes(32), now: () => now });
});

afterAll(() => peer.close());

/** Known only once the peer listens. */
const at = withConsole({
  identityProvider: { begin: () => provider.begin(), finish: (...given) => provider.finish(...given) },
});

const ada: OidcPerson = { subject: 'subject-of-ada', email: 'ADA@ops.example', isVerified: true };

async function begin(): Promise<{ url: string; cookie: string }> {
  const answer = await at().send('/auth/oidc');
  expect(answer.status).toBe(302);
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  return { url: answer.headers.get('location') ?? '', cookie };
}

function press(callback: string, cookie: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams({ answer: new URL(callback).search });
  return at().send('/auth/oidc/callback', { method: 'POST', body, headers: { cookie, origin, ...headers } });
}

async function signIn(person: OidcPerson): Promise<Response> {
  const { url, cookie } = await begin();
  return press(await peer.signIn(url, person), cookie);
}

function sessionOf(answer: Response): string {
  const pair = answer.headers.getSetCookie().find((one) => one.startsWith('allclear_session='));
  return pair?.split(';')[0] ?? 'none';
}

describe('signing in with the account of an organisation', () => {
  test('an operator whose address it verified is who they are, and the browser is sent with PKCE, state and nonce', async () => {
    const { url } = await begin();
    const { searchParams } = new URL(url);
    expect(Object.fromEntries(searchParams)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(searchParams.get(name)?.length).toBeGreaterThan(20);
    const answer = await signIn(ada);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console']);
    const { status, body } = await at().callSignedIn(sessionOf(answer), 'GET', '/api/v1/sessions/current');
    expect(status).toBe(200);
    expect(body).toMatchObject({ operator: { id: 'operator_1' }, by: 'oidc', canApprove: false });
  });

  test('looks and halts, and does nothing else that its role could do', async () => {
    const cookie = sessionOf(await signIn(ada));
    const { callSignedIn, halts } = at();
    expect((await callSignedIn(cookie, 'GET', '/api/v1/deployment')).status).toBe(200);
    const halt = { subject: null, scope: 'all', reason: 'looks wrong' };
    expect((await callSignedIn(cookie, 'POST', '/api/v1/halts', halt)).status).toBe(200);
    expect(halts.at(-1)?.by).toBe('operator_1');
    // Less than a halt; that there is no such rollout is an answer to somebody who may ask.
    const pause = await callSignedIn(cookie, 'POST', '/api/v1/rollouts/plan_7/pauses', { reason: 'looks wrong' });
    expect(pause.status).not.toBe(403);
    const acts = [
      ['/api/v1/rollouts/plan_7/resumptions', {}],
      ['/api/v1/plans', { evidence: ['batch_1'], action: 'reset', notice: 'password-reset' }],
      ['/api/v1/plans/plan_7/rollout', { total: 1 }],
      ['/api/v1/plans/plan_7/reviews', {}],
      ['/api/v1/operators', { name: 'Eve', email: 'eve@ops.example', publicKey: 'x' }],
      ['/api/v1/subjects/exports', { query: 'account-1' }],
    ] as const;
    for (const [path, body] of acts) expect((await callSignedIn(cookie, 'POST', path, body)).status, path).toBe(403);
    // A yes carries its own proof, which nobody has here.
    const yes = { statement: '{}', signature: 'AAAA' };
    expect((await callSignedIn(cookie, 'POST', '/api/v1/plans/plan_7/approvals', yes)).status).toBe(400);
    const options = await callSignedIn(cookie, 'POST', '/api/v1/passkeys/options', {});
    expect(options.status).toBe(200);
  });

  test.each<[string, OidcPerson]>([
    ['an address that is nobody’s', { subject: 's-2', email: 'eve@ops.example', isVerified: true }],
    ['an address that was not verified', { subject: 's-3', email: 'bo@ops.example', isVerified: false }],
    ['the address of somebody who is bound to another account', { ...ada, subject: 's-4' }],
  ])('nobody is signed in, nor made an operator, by %s', async (_, person) => {
    await signIn(ada);
    const answer = await signIn(person);
    expect([answer.status, sessionOf(answer)]).toEqual([401, 'none']);
    const { rows } = await at().world.pool.query(`SELECT 1 FROM operator`);
    expect(rows.length).toBe(2);
  });

  test('whose address changed there is still who they are, and a suspended one is nobody', async () => {
    expect((await signIn({ ...ada, email: 'ada@elsewhere.example' })).status).toBe(303);
    await at().world.pool.query(`UPDATE operator SET state = 'suspended' WHERE no = 1`);
    expect((await signIn(ada)).status).toBe(401);
    await at().world.pool.query(`UPDATE operator SET state = 'active' WHERE no = 1`);
  });

  test('looking at the page to which the provider sends back signs nobody in', async () => {
    const { url, cookie } = await begin();
    const callback = new URL(await peer.signIn(url, ada));
    const answer = await at().send(`${callback.pathname}${callback.search}`, { headers: { cookie } });
    const page = await answer.text();
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []]);
    expect(page).not.toContain('<script');
    expect(page).toContain('method="post"');
  });

  test('an answer is good once, in the browser that asked, on our own page, and for ten minutes', async () => {
    const own = await begin();
    const callback = await peer.signIn(own.url, ada);
    const other = await begin();
    expect((await press(callback, other.cookie)).status).toBe(401);
    expect((await press(callback, '')).status).toBe(401);
    expect((await press(callback, `${own.cookie}x`)).status).toBe(401);
    expect((await press(callback, own.cookie, { origin: 'https://evil.example' })).status).toBe(403);
    now = new Date(Date.now() + 601_000);
    expect((await press(callback, own.cookie)).status).toBe(401);
    now = new Date();
    expect((await press(callback.replace('code=', 'code=x'), own.cookie)).status).toBe(401);
    const good = await peer.signIn((await begin()).url, ada);
    expect((await press(good, own.cookie)).status).toBe(401);
    const fresh = await begin();
    const last = await peer.signIn(fresh.url, ada);
    const both = await Promise.all([press(last, fresh.cookie), press(last, fresh.cookie)]);
    expect(both.map((one) => one.status).toSorted()).toEqual([303, 401]);
  });
});

describe('where none is configured', () => {
  test('there is nothing', async () => {
    const bare = withoutProvider();
    expect((await bare('/auth/oidc')).status).toBe(404);
  });
});

function withoutProvider(): (path: string) => Promise<Response> {
  const app = makeHttpApp(fakeServices(), { log: rememberingLog() });
  return async (path) => app.request(path);
}
