import { afterEach, describe, expect, test } from 'vitest';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import type { RequestOptions } from '../support/software-authenticator.ts';
import { atOurs, cookieOf, ownPage, withConsole } from './console-world.ts';

const at = withConsole();
const codeOf = (answer: { readonly body: Record<string, unknown> }): unknown => answer.body['code'];

afterEach(async () => {
  await at().world.pool.query(`UPDATE passkey SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL`);
  expect((await at().world.verify()).findings).toEqual([]);
});

async function signedIn(): Promise<{ cookie: string; authenticator: SoftwareAuthenticator }> {
  const { people, enrol, signIn } = at();
  const authenticator = new SoftwareAuthenticator();
  expect((await enrol(people[0], authenticator)).status).toBe(200);
  return { cookie: await signIn(authenticator), authenticator };
}

describe('signing in by passkey', () => {
  test('a person with a link from the terminal has a passkey, and is who they are', async () => {
    const { callSignedIn } = at();
    const { cookie } = await signedIn();
    const { status, body } = await callSignedIn(cookie, 'GET', '/api/v1/sessions/current');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      operator: { id: 'operator_1', name: 'ada', role: 'operator' },
      by: 'passkey',
      canApprove: true,
    });
    expect(body['permissions']).toContain('halt');
  });

  test('the cookie is read by no script and sent from no other site, and its secret is nowhere in the database', async () => {
    const { answerSignIn, world } = at();
    const { authenticator } = await signedIn();
    const answer = await answerSignIn(authenticator);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^allclear_session=acs_[0-9a-f]{64}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    const [, secret = 'none'] = cookieOf(answer).split('=');
    const { rows } = await world.pool.query<{ text: string }>(
      `SELECT s::text AS text FROM operator_session s UNION ALL SELECT body FROM ledger_entry`,
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.filter(({ text }) => text.includes(secret))).toEqual([]);
  });

  test('one answer opens one session, however often and however parallel it is sent', async () => {
    const { call } = at();
    const { authenticator } = await signedIn();
    const { body } = await call('POST', '/api/v1/sessions/options', {});
    const { challengeId, publicKey } = body as unknown as { challengeId: string; publicKey: RequestOptions };
    const sent = { challengeId, assertion: authenticator.get(publicKey, atOurs) };
    const all = await Promise.all([1, 2, 3].map(() => call('POST', '/api/v1/sessions', sent)));
    expect(all.map((one) => one.status).toSorted()).toEqual([200, 401, 401]);
    expect((await call('POST', '/api/v1/sessions', sent)).status).toBe(401);
  });

  test.each([
    ['on another page', { origin: 'http://localhost:9999' }],
    ['for another host', { ...atOurs, rpId: 'evil.example' }],
    ['without a verified user', { ...atOurs, isUserVerified: false }],
  ])('an answer %s signs nobody in', async (_, ceremony) => {
    const { answerSignIn } = at();
    const { authenticator } = await signedIn();
    const answer = await answerSignIn(authenticator, ceremony);
    expect([answer.status, codeOf(answer), answer.headers.get('set-cookie')]).toEqual([401, 'unauthenticated', null]);
  });

  test('a stranger learns nothing: every refusal reads the same', async () => {
    const { answerSignIn, call, people, enrol } = at();
    const known = new SoftwareAuthenticator();
    await enrol(people[1], known);
    const told = new Set<unknown>();
    told.add((await answerSignIn(new SoftwareAuthenticator())).body['detail']);
    told.add((await answerSignIn(known, { ...atOurs, isUserVerified: false })).body['detail']);
    const own = { challenge: Buffer.alloc(56).toString('base64url'), rpId: 'localhost' };
    const made = { challengeId: own.challenge, assertion: known.get(own, atOurs) };
    told.add((await call('POST', '/api/v1/sessions', made)).body['detail']);
    expect(told.size).toBe(1);
  });

  test('the copy of a key whose counter goes back signs nobody in', async () => {
    const { people, enrol, answerSignIn } = at();
    const counting = new SoftwareAuthenticator(true);
    await enrol(people[0], counting);
    const copy = SoftwareAuthenticator.copyOf(counting);
    expect((await answerSignIn(counting)).status).toBe(200);
    expect((await answerSignIn(counting)).status).toBe(200);
    expect((await answerSignIn(copy)).status).toBe(401);
  });
});

describe('a session', () => {
  test('has the permissions of the role, by every route that a token has', async () => {
    const { callSignedIn } = at();
    const { cookie } = await signedIn();
    expect((await callSignedIn(cookie, 'GET', '/api/v1/deployment')).status).toBe(200);
  });

  test('changes nothing for a page that is not ours', async () => {
    const { call } = at();
    const { cookie } = await signedIn();
    const own = { cookie, origin: 'http://localhost:8470', 'x-allclear-console': '1' };
    const foreign = [
      { cookie },
      { cookie, ...ownPage, 'x-allclear-console': '' },
      { cookie, ...ownPage, 'sec-fetch-site': 'same-site' },
      { cookie, ...ownPage, 'sec-fetch-site': 'none' },
      { ...own, 'sec-fetch-site': 'cross-site' },
      { ...own, origin: 'http://localhost:8471' },
      { ...own, origin: 'null' },
      { cookie, origin: 'http://localhost:8470' },
    ];
    for (const headers of foreign) {
      for (const [method, path] of [
        ['DELETE', '/api/v1/sessions/current'],
        ['POST', '/api/v1/halts'],
      ] as const) {
        const answer = await call(method, path, method === 'POST' ? {} : undefined, headers);
        expect([answer.status, codeOf(answer)], JSON.stringify(headers)).toEqual([403, 'forbidden']);
      }
    }
    expect((await call('DELETE', '/api/v1/sessions/current', undefined, own)).status).toBe(200);
  });

  test('is no token, and a token is no session', async () => {
    const { call, people } = at();
    const { cookie } = await signedIn();
    const [, secret = ''] = cookie.split('=');
    expect((await call('GET', '/api/v1/deployment', undefined, { authorization: `Bearer ${secret}` })).status).toBe(
      401,
    );
    const asCookie = { ...ownPage, cookie: `allclear_session=${people[0].token}` };
    expect((await call('GET', '/api/v1/deployment', undefined, asCookie)).status).toBe(401);
    const asToken = { authorization: `Bearer ${people[0].token}` };
    expect((await call('GET', '/api/v1/deployment', undefined, asToken)).status).toBe(200);
    expect((await call('GET', '/api/v1/sessions/current', undefined, asToken)).status).toBe(401);
  });

  test('is over after sign-out, after twelve hours, and after half an hour of nobody', async () => {
    const { callSignedIn, world } = at();
    const { authenticator, cookie: first } = await signedIn();
    const look = (cookie: string) => callSignedIn(cookie, 'GET', '/api/v1/sessions/current').then((one) => one.status);
    expect((await callSignedIn(first, 'DELETE', '/api/v1/sessions/current')).body).toEqual({ ended: true });
    expect(await look(first)).toBe(401);
    const age = async (change: string): Promise<number> => {
      const cookie = await at().signIn(authenticator);
      await world.pool.query(`UPDATE operator_session SET ${change} WHERE no = (SELECT max(no) FROM operator_session)`);
      return look(cookie);
    };
    expect(await age(`expires_at = expires_at - interval '11 h 59 min'`)).toBe(200);
    expect(await age(`expires_at = expires_at - interval '12 h'`)).toBe(401);
    expect(await age(`last_seen_at = last_seen_at - interval '29 min'`)).toBe(200);
    expect(await age(`last_seen_at = last_seen_at - interval '30 min'`)).toBe(401);
  });

  test('is kept open by what a person does, and not by a page that looks by itself', async () => {
    const { call, world, skip } = at();
    const { cookie } = await signedIn();
    const lastSeen = `SELECT clock_timestamp() - last_seen_at > interval '5 min' AS long_ago FROM operator_session ORDER BY no DESC LIMIT 1`;
    const isLongAgo = async (): Promise<boolean | undefined> =>
      (await world.pool.query<{ long_ago: boolean }>(lastSeen)).rows[0]?.long_ago;
    await world.pool.query(`UPDATE operator_session SET last_seen_at = last_seen_at - interval '10 min'`);
    skip(61_000);
    const look = (headers: Record<string, string>) =>
      call('GET', '/api/v1/sessions/current', undefined, { cookie, ...headers });
    expect((await look({ 'x-allclear-background': '1' })).status).toBe(200);
    expect((await look({ accept: 'text/event-stream' })).status).toBe(200);
    expect(await isLongAgo()).toBe(true);
    expect((await look({})).status).toBe(200);
    // It is noted beside the request.
    await expect.poll(isLongAgo).toBe(false);
  });

  test('that is over since a day is gone from the database with the next sign-in', async () => {
    const { world, signIn } = at();
    const { authenticator } = await signedIn();
    await world.pool.query(`UPDATE operator_session SET expires_at = expires_at - interval '37 hours'`);
    await signIn(authenticator);
    expect((await world.pool.query(`SELECT 1 FROM operator_session`)).rowCount).toBe(1);
  });

  test('is over at once when its person is suspended, and its passkey signs in nobody', async () => {
    const { callSignedIn, answerSignIn, world, people, enrol, signIn } = at();
    const authenticator = new SoftwareAuthenticator();
    await enrol(people[1], authenticator);
    const cookie = await signIn(authenticator);
    const { operatorId } = people[1].operator;
    await world.store.transact((tx) => tx.operators.suspend(operatorId));
    try {
      expect((await callSignedIn(cookie, 'GET', '/api/v1/sessions/current')).status).toBe(401);
      expect((await answerSignIn(authenticator)).status).toBe(401);
      await world.pool.query(`UPDATE operator SET state = 'active' WHERE no = 2`);
      expect((await callSignedIn(cookie, 'GET', '/api/v1/sessions/current')).status).toBe(401);
    } finally {
      await world.pool.query(`UPDATE operator SET state = 'active' WHERE no = 2`);
    }
  });

  test("ends its owner's other sessions and not anybody else's", async () => {
    const { callSignedIn, people, enrol, signIn } = at();
    const { cookie, authenticator } = await signedIn();
    const other = await signIn(authenticator);
    const bos = new SoftwareAuthenticator();
    await enrol(people[1], bos);
    const bosCookie = await signIn(bos);
    const idOf = async (of: string): Promise<string> => {
      const { body } = await callSignedIn(of, 'GET', '/api/v1/sessions');
      const { sessions } = body as unknown as { sessions: { id: string; isThis: boolean }[] };
      return sessions.find((one) => one.isThis)?.id ?? '';
    };
    const revoke = async (id: string) =>
      (await callSignedIn(cookie, 'POST', `/api/v1/sessions/${id}/revocations`)).body;
    expect(await revoke(await idOf(bosCookie))).toEqual({ ended: false });
    expect(await revoke(await idOf(other))).toEqual({ ended: true });
    expect((await callSignedIn(bosCookie, 'GET', '/api/v1/sessions')).status).toBe(200);
    expect((await callSignedIn(other, 'GET', '/api/v1/sessions')).status).toBe(401);
  });
});
