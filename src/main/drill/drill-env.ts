import { join } from 'node:path';
import { withDatabase } from '../../adapters/embedded/postgres-url.ts';
import { rehearsalSchema } from '../../adapters/postgres/drill-database.ts';
import type { Config } from '../../config/config.ts';

/** The name that approvers sign: no live directory is called so by us. */
export const rehearsalDirectory = 'rehearsal';
/** The first wave is told, judged, and then the rest: it has to be going on while somebody finds the halt. */
const firstWave = 40;
const soakSeconds = 5;
/** With the mailbox's slow answers: eight mails at once, three seconds each. */
const mailsPerPermit = 2;

/**
 * Every setting of the process of a drill, made from nothing: it is given no address of the live directory and of no mailer, so
 * that no mistake in it can reach either. The environment is `sample`, which refuses a mailer of another machine.
 */
export function drillEnvironment(
  config: Config,
  given: { readonly home: string; readonly databaseUrl: string; readonly smtpPort: number; readonly named: number },
): Readonly<Record<string, string>> {
  const directory = new URL(given.databaseUrl);
  directory.searchParams.set('options', `-c search_path=${rehearsalSchema}`);
  return {
    ALLCLEAR_HOME: given.home,
    ALLCLEAR_ENVIRONMENT: 'sample',
    ALLCLEAR_PROFILE: 'standard',
    DATABASE_URL: given.databaseUrl,
    ALLCLEAR_DIRECTORY_URL: directory.href,
    ALLCLEAR_DIRECTORY_NAME: rehearsalDirectory,
    SMTP_URL: `smtp://127.0.0.1:${given.smtpPort}`,
    MAIL_FROM: 'Drill <drill@rehearsal.invalid>',
    // Passkeys answer the console's own address alone; nothing is asked there.
    PUBLIC_URL: config.publicUrl,
    HOST: '127.0.0.1',
    PORT: '0',
    // A practised halt is nobody's news but theirs who practise it.
    ALLCLEAR_OPERATOR_MAIL: 'off',
    // The server in front of it says who asked.
    ALLCLEAR_TRUSTED_PROXIES: '127.0.0.1/32',
    ALLCLEAR_SERVICE_NAME: config.serviceName,
    ALLCLEAR_SUPPORT_CONTACT: config.supportContact,
    ALLCLEAR_LIMIT_TELL_WAVE_SIZES: `${firstWave},${given.named}`,
    ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: String(soakSeconds),
    ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: `${firstWave},${given.named}`,
    ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
    ALLCLEAR_LIMIT_SMALL_PERMIT_SIZE: String(mailsPerPermit),
    ALLCLEAR_LIMIT_SMALL_WAVE_BELOW: '10000',
    ALLCLEAR_LIMIT_BUDGET_FLOOR: '10000',
    LOG_LEVEL: config.logLevel,
  };
}

/** Where drills run when no database is named for them. */
export function drillDatabaseOf(
  config: Config,
  databaseUrl: string,
): { readonly url: string; readonly name: string | null } {
  if (config.drillDatabaseUrl !== null) return { url: config.drillDatabaseUrl, name: null };
  const name = `${decodeURIComponent(new URL(databaseUrl).pathname.slice(1))}_drill`;
  return { url: withDatabase(databaseUrl, name), name };
}

export function drillHome(config: Config): string {
  return join(config.home, 'drill');
}
