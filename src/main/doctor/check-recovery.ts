import { inspectMailer } from '../../adapters/mail/inspect-mailer.ts';
import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import type { Config } from '../../config/config.ts';
import { openPasswordWriter } from '../open-directory.ts';

/** Whether holders could get back in by our pages now: the role that sets passwords, and the mailer of codes. Changes nothing. */
export async function checkRecovery(config: Config): Promise<CheckFinding> {
  const check = 'recovery';
  const smtpUrl = config.recoverySmtpUrl ?? config.smtpUrl;
  if (smtpUrl === null)
    return doubtful(check, 'hosted, and no mailer is set here: codes were not looked at', 'Set SMTP_URL.');
  const writer = await openPasswordWriter(config, { onIdleError: () => undefined });
  try {
    await writer.check();
  } finally {
    await writer.close();
  }
  const mailer = await inspectMailer(smtpUrl);
  if (mailer.kind === 'away')
    return failing(check, `no code can be sent: ${mailer.why}`, 'Correct ALLCLEAR_RECOVERY_SMTP_URL or SMTP_URL.');
  if (config.recoveryDirectoryUrl === null && config.environment === 'production')
    return doubtful(
      check,
      'passwords are set by the role that every worker holds',
      'Make a role apart for the server: allclear directory add --recovery-role NAME',
    );
  return sound(check, `hosted: new passwords can be set, and codes can be sent`);
}
