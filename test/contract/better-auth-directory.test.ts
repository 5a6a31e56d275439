import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { makeAuth } from '../../examples/chirp/auth.ts';
import { migrateChirp } from '../../examples/chirp/migrate-chirp.ts';
import { makeBetterAuthDirectory } from '../../src/adapters/directory/better-auth/better-auth-directory.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { directoryContract } from './directory-contract.ts';

const publicUrl = 'http://127.0.0.1:1';

describe('a better-auth directory on Postgres', () => {
  const postgres = withTestPostgres();
  const closers: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closers) await close();
  });

  it.each([
    ['timestamptz', `'2031-05-06T07:08:09Z'`, '2031-05-06T07:08:09.000Z'],
    ['timestamp', `'2031-05-06T07:08:09'`, '2031-05-06T07:08:09.000Z'],
    ['bigint', '1935990489', null],
    ['text', `'yesterday'`, null],
  ])(
    'believes a column of the service with the last sign-in where it is a %s, and no other',
    async (type, value, at) => {
      const databaseUrl = await postgres.freshDatabase();
      const pool = new pg.Pool({ connectionString: databaseUrl, options: '-c timezone=UTC' });
      pool.on('error', () => undefined);
      await migrateChirp(pool);
      await pool.query(`
      ALTER TABLE "user" ADD COLUMN "lastSignInAt" ${type};
      INSERT INTO "user" (id, name, email, "emailVerified", language, business, staff, "lastSignInAt")
      VALUES ('u1', 'A Person', 'one@example.org', true, 'en', false, false, ${value})`);
      const directory = makeBetterAuthDirectory({ databaseUrl, name: 'chirp', environment: 'test' });
      closers.push(directory.close, () => pool.end());
      const read = (await directory.readLastSignIns([accountId('u1')])).get(accountId('u1'));
      expect(read?.toISOString() ?? null).toBe(at);
    },
  );

  it('says that it cannot suspend where the admin plugin is missing, and does nothing then', async () => {
    const databaseUrl = await postgres.freshDatabase();
    const pool = new pg.Pool({ connectionString: databaseUrl });
    pool.on('error', () => undefined);
    await migrateChirp(pool);
    const open = async () => {
      const directory = makeBetterAuthDirectory({ databaseUrl, name: 'chirp', environment: 'test' });
      closers.push(directory.close);
      await directory.lookAtSchema();
      return directory;
    };
    closers.push(() => pool.end());
    expect((await open()).capabilities.suspend).toBe(true);
    for (const column of ['banned', 'banReason', 'banExpires']) {
      await pool.query(`ALTER TABLE "user" RENAME COLUMN "${column}" TO elsewhere`);
      const directory = await open();
      expect(directory.capabilities.suspend).toBe(false);
      const lacking = { code: 'usage', message: expect.stringContaining("better-auth's admin plugin") };
      await expect(directory.readSuspensions([])).rejects.toMatchObject(lacking);
      await expect(directory.suspend([])).rejects.toMatchObject(lacking);
      await pool.query(`ALTER TABLE "user" RENAME COLUMN elsewhere TO "${column}"`);
    }
    const away = makeBetterAuthDirectory({
      databaseUrl: 'postgres://nobody@127.0.0.1:1/nowhere',
      name: 'chirp',
      environment: 'test',
    });
    closers.push(away.close);
    await away.lookAtSchema();
    // Who is suspended is let back in by whoever finds the directory there again.
    expect(away.capabilities.suspend).toBe(true);
  });

  directoryContract(async () => {
    const databaseUrl = await postgres.freshDatabase();
    const pool = new pg.Pool({ connectionString: databaseUrl });
    pool.on('error', () => undefined);
    await migrateChirp(pool);
    const links = new Map<string, string>();
    const auth = makeAuth({
      pool,
      secret: 'only for this test, and thirty-two long',
      publicUrl,
      trustedOrigins: [publicUrl],
      mailer: {
        sendResetLink: async (to, link) => {
          links.set(to.address, link);
        },
      },
      passwordCheck: null,
      rateLimit: false,
      inBackground: (work) => void work,
    });
    const make = (url: string) => makeBetterAuthDirectory({ databaseUrl: url, name: 'chirp', environment: 'test' });
    const directory = make(databaseUrl);
    const unavailable = make('postgres://nobody@127.0.0.1:1/nowhere');
    closers.push(directory.close, unavailable.close, () => pool.end());

    const post = (path: string, body: object, cookie?: string): Promise<Response> =>
      auth.handler(
        new Request(`${publicUrl}/api/auth${path}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            origin: publicUrl,
            ...(cookie === undefined ? {} : { cookie }),
          },
          body: JSON.stringify(body),
        }),
      );
    const refuseFailure = (response: Response): Response => {
      if (response.status >= 500) throw new Error(`better-auth failed with ${response.status} instead of refusing`);
      return response;
    };

    return {
      directory,
      unavailable,
      async signUp({ address, password, language }) {
        const response = await post('/sign-up/email', {
          email: address,
          name: 'A Person',
          password: password ?? randomUUID(),
          language,
        });
        const { user } = (await response.json()) as { user: { id: string } };
        // As somebody who only ever came in through a social provider.
        if (password === null) await pool.query('DELETE FROM account WHERE "userId" = $1', [user.id]);
        return accountId(user.id);
      },
      async signIn(address, password) {
        const response = refuseFailure(await post('/sign-in/email', { email: address, password }));
        return response.ok
          ? response.headers
              .getSetCookie()
              .map((cookie) => cookie.split(';')[0])
              .join('; ')
          : null;
      },
      async isAlive(session) {
        const response = await auth.handler(
          new Request(`${publicUrl}/api/auth/get-session`, { headers: { cookie: session } }),
        );
        return (await response.json()) !== null;
      },
      async changePassword(session, currentPassword, newPassword) {
        return refuseFailure(await post('/change-password', { currentPassword, newPassword }, session)).ok;
      },
      async resetByMail(address, newPassword) {
        refuseFailure(await post('/request-password-reset', { email: address, redirectTo: '/' }));
        const token = new URL(links.get(address) ?? '').searchParams.get('token');
        const response = refuseFailure(await post('/reset-password', { token, newPassword }));
        if (!response.ok) throw new Error('forgot-password did not let its holder in');
      },
      async suspendByService(id) {
        await pool.query(`UPDATE "user" SET banned = true, "banReason" = 'by hand' WHERE id = $1`, [id]);
      },
      async removeAccount(id) {
        await pool.query('DELETE FROM "user" WHERE id = $1', [id]);
      },
    };
  });
});
