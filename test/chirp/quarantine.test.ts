import { beforeEach, describe, expect, test } from 'vitest';
import { marker, withChirp } from './with-chirp.ts';

const chirp = withChirp();
const leaked = 'trustno1-trustno1';

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

async function storedCredential(accountId: string): Promise<string> {
  const { rows } = await chirp
    .database()
    .query<{ password: string }>('SELECT password FROM account WHERE "userId" = $1', [accountId]);
  return rows[0]!.password;
}

beforeEach(() => {
  chirp.answerWith('allow');
});

describe('a quarantined account', () => {
  test('is not let in by the old password, nor by the old hash, the marker or nothing', async () => {
    const { address, accountId } = await chirp.member(leaked);
    const hash = await chirp.quarantine(accountId);
    const wrong = await chirp.client().signIn(address, 'some-other-password');
    const refusals = await Promise.all(
      [leaked, hash, marker, marker.slice(0, -2), '-', ''].map((password) => chirp.client().signIn(address, password)),
    );
    // The hash is longer than any password may be.
    expect(refusals.map((refusal) => refusal.status)).toEqual([401, 400, 401, 401, 401, 401]);
    // Nor does the answer tell a quarantine from a slip of the finger.
    expect(await refusals[0]!.text()).toBe(await wrong.text());
  });

  test('looks to a stranger, on each page, like any other and like none', async () => {
    const [taken, other] = [await chirp.member(leaked), await chirp.member('another-password')];
    await chirp.quarantine(taken.accountId);
    for (const [path, form] of [
      ['/sign-in', { password: leaked }],
      ['/forgot-password', {}],
    ] as const) {
      const seen = await Promise.all(
        [taken.address, other.address, 'nobody@example.org'].map(async (email) => {
          const answer = await chirp.client().postForm(path, { ...form, email });
          const headers = [...answer.headers].filter(([name]) => name !== 'date');
          return { status: answer.status, headers, text: await answer.text() };
        }),
      );
      expect(new Set(seen.map((one) => JSON.stringify(one))).size, path).toBe(1);
      expect(seen[0]!.text).not.toMatch(/quarantin|reset by us|blocked/i);
    }
    expect(await (await chirp.client().get('/sign-in')).text()).toContain('href="/forgot-password"');
  });

  test('does not take the old password as the one until now', async () => {
    const { accountId, client } = await chirp.member(leaked);
    await chirp.quarantine(accountId);
    const answer = await client.changePassword(leaked, 'a-new-password');
    expect(answer.status).toBe(400);
    expect(await codeOf(answer)).toBe('INVALID_PASSWORD');
    expect(await storedCredential(accountId)).toBe(marker);
  });

  test('is opened again by the holder with a forgotten-password mail', async () => {
    const { address, accountId } = await chirp.member(leaked);
    await chirp.quarantine(accountId);
    await chirp.client().forgotPassword(address);
    const answer = await chirp.client().resetPassword(await chirp.resetTokenFor(address), 'a-new-password');
    expect(answer.status).toBe(200);
    expect((await chirp.client().signIn(address, leaked)).status).toBe(401);
    expect((await chirp.client().signIn(address, 'a-new-password')).status).toBe(200);
    expect(chirp.asked).toEqual([{ accountId, password: 'a-new-password', authorization: 'Bearer service-token' }]);
  });

  test('opens with the old password again once its hash is given back', async () => {
    const { address, accountId } = await chirp.member(leaked);
    const hash = await chirp.quarantine(accountId);
    await chirp.database().query('UPDATE account SET password = $2 WHERE "userId" = $1', [accountId, hash]);
    expect((await chirp.client().signIn(address, leaked)).status).toBe(200);
  });
});

describe('the question whether a password was leaked', () => {
  test('a refused password is not set, and the reset link still works for another', async () => {
    const { address, accountId } = await chirp.member(leaked);
    await chirp.quarantine(accountId);
    await chirp.client().forgotPassword(address);
    const token = await chirp.resetTokenFor(address);
    chirp.answerWith('refuse');
    const refused = await chirp.client().resetPassword(token, leaked);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      code: 'PASSWORD_LEAKED',
      message: 'This password was part of a leak. Choose another.',
    });
    expect(await storedCredential(accountId)).toBe(marker);
    chirp.answerWith('allow');
    expect((await chirp.client().resetPassword(token, 'a-new-password')).status).toBe(200);
  });

  test('the token in the query is asked about like the token in the body', async () => {
    const { address, accountId } = await chirp.member(leaked);
    await chirp.quarantine(accountId);
    await chirp.client().forgotPassword(address);
    const token = await chirp.resetTokenFor(address);
    chirp.answerWith('refuse');
    const path = `/api/auth/reset-password?token=${encodeURIComponent(token)}`;
    expect((await chirp.client().post(path, { newPassword: leaked })).status).toBe(400);
    expect(chirp.asked).toHaveLength(1);
    // better-auth takes an empty token of the body for none, and then the one of the query.
    expect((await chirp.client().post(path, { newPassword: leaked, token: '' })).status).toBe(400);
    expect(await storedCredential(accountId)).toBe(marker);
  });

  test('the page says it in the same words', async () => {
    const { address, accountId } = await chirp.member(leaked);
    await chirp.quarantine(accountId);
    await chirp.client().forgotPassword(address);
    const token = await chirp.resetTokenFor(address);
    chirp.answerWith('refuse');
    const page = await chirp.client().postForm('/reset-password', { token, newPassword: leaked });
    expect(page.status).toBe(400);
    const text = await page.text();
    expect(text).toContain('This password was part of a leak. Choose another.');
    expect(text).not.toContain(leaked);
  });

  test.each(['broken', 'not-json', 'silent'] as const)(
    'no answer is no: nothing is set while it is %s',
    async (behaviour) => {
      const { address, accountId } = await chirp.member(leaked);
      await chirp.quarantine(accountId);
      await chirp.client().forgotPassword(address);
      const token = await chirp.resetTokenFor(address);
      chirp.answerWith(behaviour);
      const answer = await chirp.client().resetPassword(token, 'a-new-password');
      expect(answer.status).toBe(503);
      expect(chirp.asked).toHaveLength(1);
      expect(await answer.json()).toMatchObject({ message: expect.stringContaining('try again in a few minutes') });
      expect(await storedCredential(accountId)).toBe(marker);
    },
  );

  test('the leaked password is refused also after the marker is gone, by a change and by a second reset', async () => {
    const { address, accountId } = await chirp.member(leaked);
    await chirp.quarantine(accountId);
    const holder = chirp.client();
    await holder.forgotPassword(address);
    expect((await holder.resetPassword(await chirp.resetTokenFor(address), 'a-new-password')).status).toBe(200);
    expect((await holder.signIn(address, 'a-new-password')).status).toBe(200);
    const stored = await storedCredential(accountId);

    await holder.forgotPassword(address);
    const token = await chirp.resetTokenFor(address, 1);
    chirp.answerWith('refuse');
    const changed = await holder.changePassword('a-new-password', leaked);
    expect([changed.status, await codeOf(changed)]).toEqual([400, 'PASSWORD_LEAKED']);
    const reset = await holder.resetPassword(token, leaked);
    expect([reset.status, await codeOf(reset)]).toEqual([400, 'PASSWORD_LEAKED']);
    expect(chirp.asked.map((question) => question.accountId)).toEqual([accountId, accountId]);
    expect(await storedCredential(accountId)).toBe(stored);
  });

  test('an account without any password is asked about when it gets its first', async () => {
    const { address, accountId } = await chirp.member(leaked);
    await chirp.database().query('DELETE FROM account WHERE "userId" = $1', [accountId]);
    await chirp.client().forgotPassword(address);
    const token = await chirp.resetTokenFor(address);
    chirp.answerWith('refuse');
    expect((await chirp.client().resetPassword(token, leaked)).status).toBe(400);
    chirp.answerWith('broken');
    expect((await chirp.client().resetPassword(token, 'a-new-password')).status).toBe(200);
    expect((await chirp.client().signIn(address, 'a-new-password')).status).toBe(200);
  });

  test.each(['broken', 'not-json', 'silent'] as const)(
    'nobody else is kept from changing or recovering a password while it is %s',
    async (behaviour) => {
      const [changing, recovering] = [await chirp.member('a-first-password'), await chirp.member('a-first-password')];
      await chirp.client().forgotPassword(recovering.address);
      const token = await chirp.resetTokenFor(recovering.address);
      chirp.answerWith(behaviour);
      const answers = await Promise.all([
        changing.client.changePassword('a-first-password', 'a-second-password'),
        chirp.client().resetPassword(token, 'a-second-password'),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
      for (const { address } of [changing, recovering]) {
        expect((await chirp.client().signIn(address, 'a-second-password')).status).toBe(200);
      }
      const asked = chirp.asked.map((question) => question.accountId);
      expect(new Set(asked)).toEqual(new Set([changing.accountId, recovering.accountId]));
    },
  );

  test('no question goes out for a token that is no token', async () => {
    chirp.answerWith('refuse');
    expect((await chirp.client().resetPassword('guessed', 'a-new-password')).status).toBe(400);
    expect(chirp.asked).toEqual([]);
  });
});
