import { Failure } from '../domain/shared/failure.ts';
import { smallFirstWaveMax } from '../domain/plan/limits.ts';
import type { Config } from './config.ts';

/**
 * Values that are sound alone and dangerous together: a sample that could mail real people at the pace of a sample, and a
 * production that runs on stand-ins.
 */
export function refuseUnsafeMix(config: Config): void {
  const { environment, smtpUrl, recoverySmtpUrl, publicUrl, directoryUrl, directoryMapping, limits } = config;
  const mailers = { SMTP_URL: smtpUrl, ALLCLEAR_RECOVERY_SMTP_URL: recoverySmtpUrl };
  for (const [name, url] of Object.entries(mailers)) {
    if (environment !== 'sample' || url === null || isLoopback(url)) continue;
    throw new Failure(
      'environment-mismatch',
      `${name} names another machine, but the environment is \`sample\`, whose waves wait seconds. ` +
        'Set ALLCLEAR_ENVIRONMENT to staging or production.',
    );
  }
  if (config.mailQueue === 'postfix' && smtpUrl !== null && !isLoopback(smtpUrl)) {
    throw new Failure(
      'usage',
      'ALLCLEAR_MAIL_QUEUE speaks of the Postfix on this machine, and SMTP_URL hands the mails to another one: ' +
        'its queue would be shown as empty. Unset it, or send through smtp://127.0.0.1:25.',
    );
  }
  if (directoryMapping !== null && directoryUrl === null) {
    throw new Failure(
      'usage',
      'ALLCLEAR_DIRECTORY_MAPPING speaks of tables, and ALLCLEAR_DIRECTORY_URL does not say where.',
    );
  }
  if (limits.holderHoursFrom >= limits.holderHoursTo) {
    throw new Failure(
      'usage',
      `limits.holderHoursFrom (${limits.holderHoursFrom}) is not before limits.holderHoursTo (${limits.holderHoursTo}): nobody could ever be told.`,
    );
  }
  if (config.profile === 'small') refuseLargeFirstWave(config);
  if (environment !== 'production') return;
  if (smtpUrl === null || directoryUrl === null) {
    const missing = smtpUrl === null ? 'SMTP_URL' : 'ALLCLEAR_DIRECTORY_URL';
    throw new Failure('environment-mismatch', `Production has no built-in stand-ins. Set ${missing}.`);
  }
  if (new URL(publicUrl).protocol !== 'https:') {
    throw new Failure('environment-mismatch', 'PUBLIC_URL must begin with https:// in production.');
  }
}

/** A setting that was made for the standard profile would quietly undo what the small one promises. */
function refuseLargeFirstWave({ limits }: Config): void {
  const first = Math.max(limits.tellWaveSizes[0] ?? 0, limits.containWaveSizes[0] ?? 0);
  if (first <= smallFirstWaveMax) return;
  throw new Failure(
    'usage',
    `The first wave of the small profile has at most ${smallFirstWaveMax} people; limits.tellWaveSizes or limits.containWaveSizes begins with ${first}. ` +
      'Leave both out, or set ALLCLEAR_PROFILE=standard.',
  );
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(hostname);
}
