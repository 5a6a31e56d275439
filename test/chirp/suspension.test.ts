import { describe, expect, test } from 'vitest';
import { withChirp } from './with-chirp.ts';

const chirp = withChirp();
const password = 'geese over the 3 canals';

async function setMark(accountId: string, mark: string | null): Promise<void> {
  await chirp
    .database()
    .query(`UPDATE "user" SET banned = $2::text IS NOT NULL, "banReason" = $2 WHERE id = $1`, [accountId, mark]);
}

describe('a suspended account', () => {
  test('is kept out in plain words with the way to a person, and only whoever knows the password learns of it', async () => {
    const { address, accountId } = await chirp.member(password);
    await setMark(accountId, 'allclear-s1$sus_1$00');
    const page = await chirp.client().postForm('/sign-in', { email: address, password });
    expect(page.status).toBe(403);
    const text = await page.text();
    expect(text).toContain('Your account is suspended. Nothing of it was deleted.');
    expect(text).toContain(`href="${chirp.appealUrl}"`);
    const stranger = await (await chirp.client().postForm('/sign-in', { email: address, password: 'a guess' })).text();
    expect(stranger).not.toMatch(/suspended|appeal/);
    await setMark(accountId, null);
    expect((await chirp.client().signIn(address, password)).status).toBe(200);
  });

  test('is hidden with what it wrote, and comes back with all of it', async () => {
    const { accountId, client } = await chirp.member(password);
    await client.postForm('/chirps', { text: 'the heron stands in the reeds' });
    const seen = async () => (await (await chirp.client().get('/')).text()).includes('the heron stands');
    expect(await seen()).toBe(true);
    await setMark(accountId, 'allclear-s1$sus_2$00');
    expect(await seen()).toBe(false);
    await client.postForm('/chirps', { text: 'written in a session that is still there' });
    await setMark(accountId, null);
    expect(await seen()).toBe(true);
    expect(await (await chirp.client().get('/')).text()).not.toContain('still there');
  });
});
