import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { makePasskeys } from '../../src/adapters/passkey/passkeys.ts';
import { relyingPartyOf } from '../../src/adapters/passkey/relying-party.ts';
import { makeHaltAuthenticator } from '../../src/app/operator/authenticate-to-halt.ts';
import type { Caller } from '../../src/app/operator/authenticate-token.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { beginSignIn } from '../../src/app/session/sign-in.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { ada, fakeServices, rememberingLog } from '../http/fake-services.ts';

const secret = `acs_${'ab'.repeat(32)}`;
const assertion = {
  id: 'AQ',
  rawId: 'AQ',
  type: 'public-key',
  response: { clientDataJSON: 'x', authenticatorData: 'x', signature: 'x' },
};
const expiresAt = new Date('2026-11-23T20:00:00Z');
const signedIn: Caller = {
  operator: ada,
  token: null,
  session: { session: 'session_1', by: 'passkey', expiresAt, lastSeenAt: expiresAt },
  scope: ['full'],
  isFirstOfHour: false,
};

describe('the address of the console', () => {
  test.each([
    ['http://127.0.0.1:8470', 'http://localhost:8470', 'localhost'],
    ['http://[::1]:8470', 'http://localhost:8470', 'localhost'],
    ['http://localhost:8470', 'http://localhost:8470', 'localhost'],
    ['https://allclear.example.org', 'https://allclear.example.org', 'allclear.example.org'],
    ['https://allclear.example.org:8443/path', 'https://allclear.example.org:8443', 'allclear.example.org'],
    ['http://allclear.example.org', 'http://allclear.example.org', null],
    ['https://192.0.2.7', 'https://192.0.2.7', null],
    ['https://[2001:db8::7]', 'https://[2001:db8::7]', null],
  ])('%s is opened at %s, with passkeys for %s', (publicUrl, origin, rpId) => {
    expect(relyingPartyOf(publicUrl)).toEqual({ origin, rpId });
  });

  test('where browsers offer no passkey is told to whoever signs in, with what to do', async () => {
    const challengeKey = randomBytes(32);
    const passkeys = makePasskeys({ publicUrl: 'http://allclear.lan', rpName: 'Allclear', challengeKey, signatures });
    const deps = { passkeys, store: {} as Store, digests, signatures, deploymentId: 'dep', isTrial: false };
    const limits = { sessionHours: 12, sessionIdleMinutes: 30 };
    await expect(beginSignIn({ ...deps, limits })).rejects.toMatchObject({
      code: 'guardrail-failed',
      message: expect.stringContaining('PUBLIC_URL') as string,
    });
  });
});

describe('over HTTPS', () => {
  const app = makeHttpApp(
    fakeServices({
      consoleOrigin: 'https://allclear.example',
      signIn: async () => ({ session: 'session_1', secret, expiresAt }),
      authenticateSession: async (given) => {
        if (given !== secret) throw new Failure('unauthenticated', 'You are not signed in.');
        return signedIn;
      },
      showSession: async ({ operator }) => ({
        operator: { id: operator.operatorId, name: operator.name, role: operator.role },
        permissions: [],
        by: 'passkey',
        expiresAt,
        passkeys: [],
        canApprove: false,
      }),
    }),
    { log: rememberingLog() },
  );

  test('the cookie is one that no other host and no plain connection can set or read', async () => {
    const body = JSON.stringify({ challengeId: 'x', assertion });
    const headers = { 'content-type': 'application/json' };
    const answer = await app.request('/api/v1/sessions', { method: 'POST', body, headers });
    expect(answer.headers.get('set-cookie')).toBe(
      `__Host-allclear_session=${secret}; Path=/; Expires=Mon, 23 Nov 2026 20:00:00 GMT; HttpOnly; Secure; SameSite=Strict`,
    );
    const look = async (cookie: string) =>
      (await app.request('/api/v1/sessions/current', { headers: { cookie } })).status;
    expect(await look(`__Host-allclear_session=${secret}`)).toBe(200);
    expect(await look(`allclear_session=${secret}`)).toBe(401);
  });
});

test('whoever was signed in a moment ago may halt while the database is away, and nobody else', async () => {
  const away = new Failure('database-unavailable', 'away');
  const clock = { monotonicMs: () => 0 };
  const halters = makeHaltAuthenticator({ store: {} as Store, digests, clock, inTime: async (work) => work });
  halters.remember(secret, signedIn);
  const look = () => Promise.reject<Caller>(away);
  expect(await halters.authenticate(secret, look)).toBe(signedIn);
  await expect(halters.authenticate(`acs_${'cd'.repeat(32)}`, look)).rejects.toBe(away);
  const ended = () => Promise.reject<Caller>(new Failure('unauthenticated', 'over'));
  await expect(halters.authenticate(secret, ended)).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(halters.authenticate(secret, look)).rejects.toBe(away);
});
