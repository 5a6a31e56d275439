import { describe, expect, test } from 'vitest';
import { withChirp } from './with-chirp.ts';

const chirp = withChirp();

describe('accounts', () => {
  test('who signed up is let in with that password and with no other, however the address is cased', async () => {
    const { address } = await chirp.member('a-first-password');
    expect((await chirp.client().signIn(address, 'a-first-password')).status).toBe(200);
    expect((await chirp.client().signIn(address.toUpperCase(), 'a-first-password')).status).toBe(200);
    expect((await chirp.client().signIn(address, 'A-first-password')).status).toBe(401);
    expect((await chirp.client().signIn('nobody@example.org', 'a-first-password')).status).toBe(401);
  });

  test('nobody makes an account of staff or business by saying so at sign-up', async () => {
    const client = chirp.client();
    await client.post('/api/auth/sign-up/email', {
      name: 'Sly',
      email: 'sly@example.org',
      password: 'a-first-password',
      staff: true,
      business: true,
    });
    const { rows } = await chirp
      .database()
      .query<{ staff: boolean; business: boolean }>(
        `SELECT staff, business FROM "user" WHERE email = 'sly@example.org'`,
      );
    expect(rows.filter((row) => row.staff || row.business)).toEqual([]);
  });

  test('a session ends at once when its row is deleted', async () => {
    const { accountId, client } = await chirp.member('a-first-password');
    expect(await client.isSignedIn()).toBe(true);
    await chirp.database().query('DELETE FROM session WHERE "userId" = $1', [accountId]);
    expect(await client.isSignedIn()).toBe(false);
  });

  test.each([
    ['en', 'Choose a new Chirp password'],
    ['de', 'Neues Passwort für Chirp wählen'],
    ['es', 'Elige una nueva contraseña de Chirp'],
    ['ja', 'Chirpの新しいパスワードを設定してください'],
  ])('a forgotten password is mended by mail, in the language of the account (%s)', async (language, subject) => {
    const { address, client } = await chirp.member('a-first-password', language);
    expect((await chirp.client().forgotPassword(address)).status).toBe(200);
    expect((await chirp.mailTo(address)).subject).toBe(subject);
    const token = await chirp.resetTokenFor(address);
    expect((await chirp.client().resetPassword(token, 'a-second-password')).status).toBe(200);
    expect((await chirp.client().signIn(address, 'a-first-password')).status).toBe(401);
    expect((await chirp.client().signIn(address, 'a-second-password')).status).toBe(200);
    expect(await client.isSignedIn()).toBe(false);
  });

  test('a reset link works once', async () => {
    const { address } = await chirp.member('a-first-password');
    await chirp.client().forgotPassword(address);
    const token = await chirp.resetTokenFor(address);
    const answers = await Promise.all([
      chirp.client().resetPassword(token, 'a-second-password'),
      chirp.client().resetPassword(token, 'a-third-password'),
    ]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect((await chirp.client().resetPassword(token, 'a-fourth-password')).status).toBe(400);
  });

  test('forgot-password answers the same for an address that has no account, and mails nobody', async () => {
    const { address } = await chirp.member('a-first-password');
    const known = await chirp.client().forgotPassword(address);
    const unknown = await chirp.client().forgotPassword('nobody@example.org');
    expect(unknown.status).toBe(known.status);
    expect(await unknown.text()).toBe(await known.text());
    await chirp.mailTo(address);
    expect(chirp.mailbox().messagesTo('nobody@example.org')).toHaveLength(0);
  });
});

describe('limits', () => {
  test('guessing is slowed down, whatever address the guesser claims to come from', async () => {
    const limited = await chirp.startLimited();
    try {
      const statuses: number[] = [];
      for (let guess = 1; guess <= 5; guess += 1) {
        const answer = await fetch(`${limited.url}/api/auth/sign-in/email`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-forwarded-for': `192.0.2.${guess}`,
            'x-chirp-client': `192.0.2.${guess}`,
          },
          body: JSON.stringify({ email: 'nobody@example.org', password: `guess-${guess}` }),
        });
        statuses.push(answer.status);
      }
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
    } finally {
      await limited.stop();
    }
  });
});

describe('pages', () => {
  test('a person signs up, chirps, changes the password and signs out without any script', async () => {
    const browser = chirp.client();
    const fields = { name: 'Ada <b>', email: 'ada@example.org', password: 'a-first-password', language: 'de' };
    expect((await browser.postForm('/sign-up', fields)).status).toBe(303);
    expect((await browser.postForm('/chirps', { text: '<script>hello</script>' })).status).toBe(303);
    const home = await (await browser.get('/')).text();
    expect(home).toContain('&lt;script&gt;hello&lt;/script&gt;');
    expect(home).not.toContain('<script>');
    const changed = await browser.postForm('/settings/password', {
      currentPassword: 'a-first-password',
      newPassword: 'a-second-password',
    });
    expect(changed.status).toBe(200);
    expect(await changed.text()).toContain('Your password is changed.');
    expect(await browser.isSignedIn()).toBe(true);
    await browser.postForm('/sign-out', {});
    expect(await browser.isSignedIn()).toBe(false);
    expect(
      (await browser.postForm('/sign-in', { email: 'ada@example.org', password: 'a-first-password' })).status,
    ).toBe(401);
    expect(
      (await browser.postForm('/sign-in', { email: 'ada@example.org', password: 'a-second-password' })).status,
    ).toBe(303);
  });

  test('a form of another site changes nothing', async () => {
    const { client } = await chirp.member('a-first-password');
    const forged = { currentPassword: 'a-first-password', newPassword: 'a-second-password' };
    expect((await client.postForm('/settings/password', forged, 'https://thief.example')).status).toBe(403);
    expect((await client.postForm('/sign-out', {}, 'https://thief.example')).status).toBe(403);
    expect(await client.isSignedIn()).toBe(true);
  });

  test.each(['/', '/sign-in', '/sign-up', '/forgot-password', '/reset-password?token=abc'])(
    '%s is served with a policy that allows no script and no frame',
    async (path) => {
      const response = await chirp.client().get(path);
      expect(response.status).toBe(200);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('script-src');
    },
  );

  test('browsers find the page to change a password', async () => {
    const response = await chirp.client().get('/.well-known/change-password');
    expect([302, 303, 307]).toContain(response.status);
    expect(response.headers.get('location')).toBe('/settings');
  });
});
