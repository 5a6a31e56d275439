import { betterAuth } from 'better-auth';
import type { BetterAuthOptions } from 'better-auth';
import { isAPIError } from 'better-auth/api';
import { admin } from 'better-auth/plugins/admin';
import type pg from 'pg';
import { languages } from './languages.ts';
import type { Mailer } from './mailer.ts';
import type { PasswordCheck } from './password-check.ts';
import { refuseLeakedPassword } from './refuse-leaked-password.ts';

/** The caller's address, set by `startChirp` from the socket; whatever the client sent under this name is dropped. */
export const clientAddressHeader = 'x-chirp-client';

export interface AuthSettings {
  readonly pool: pg.Pool;
  readonly secret: string;
  readonly publicUrl: string;
  readonly trustedOrigins: readonly string[];
  readonly mailer: Pick<Mailer, 'sendResetLink'>;
  readonly passwordCheck: PasswordCheck | null;
  readonly rateLimit: boolean;
  /** Takes work that outlives the request, so that it can be awaited before the process ends. */
  readonly inBackground: (work: Promise<unknown>) => void;
}

const day = 24 * 60 * 60;

/** The part that decides the tables: all that the migration needs. */
export const schemaOptions = {
  user: {
    additionalFields: {
      language: { type: [...languages], required: true, defaultValue: 'en', input: true },
      // Not for the holder to choose: these decide how Allclear treats the account.
      business: { type: 'boolean', required: true, defaultValue: false, input: false },
      staff: { type: 'boolean', required: true, defaultValue: false, input: false },
      addressChangedAt: { type: 'date', required: false, input: false },
    },
  },
  // Its columns say who is suspended, and it refuses every way of signing in while one is.
  plugins: [
    admin({
      bannedUserMessage:
        'Your account is suspended. Nothing of it was deleted. We have written to you why; you may ask a person to look again.',
    }),
  ],
} satisfies BetterAuthOptions;

export function makeAuth(settings: AuthSettings) {
  return betterAuth({
    ...schemaOptions,
    appName: 'Chirp',
    baseURL: settings.publicUrl,
    secret: settings.secret,
    database: settings.pool,
    trustedOrigins: [...settings.trustedOrigins],
    telemetry: { enabled: false },
    logger: {
      // Its warnings, and the errors that come with its messages, quote addresses.
      level: 'error',
      log: (_level, message) => console.error(`chirp: ${message}`),
    },
    onAPIError: {
      onError(error) {
        // A refusal is an answer, not an event. Of anything else the name only: a message of the database quotes the row.
        if (!isAPIError(error))
          console.error(`chirp: better-auth failed (${error instanceof Error ? error.name : 'no error'})`);
      },
    },
    rateLimit: { enabled: settings.rateLimit, storage: 'memory' },
    session: {
      expiresIn: 400 * day,
      updateAge: day,
      // A cached cookie would outlive the session row: ending a session must hold at once.
      cookieCache: { enabled: false },
    },
    emailAndPassword: {
      enabled: true,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 60 * 60,
      async sendResetPassword({ user, token }) {
        const link = new URL('/reset-password', settings.publicUrl);
        link.searchParams.set('token', token);
        const language = 'language' in user ? user.language : null;
        await settings.mailer.sendResetLink({ address: user.email, name: user.name, language }, link.href);
      },
    },
    ...(settings.passwordCheck === null ? {} : { hooks: { before: refuseLeakedPassword(settings.passwordCheck) } }),
    advanced: {
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
      // In the background, so that the time to answer does not tell whether the address has an account.
      backgroundTasks: { handler: settings.inBackground },
    },
  });
}

export type ChirpAuth = ReturnType<typeof makeAuth>;
