import { inspectMailer } from '../../adapters/mail/inspect-mailer.ts';
import type { MailerFacts } from '../../adapters/mail/inspect-mailer.ts';
import type { Capabilities } from '../../adapters/mail/smtp/capabilities.ts';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';

export async function checkMailer(smtpUrl: string): Promise<CheckFinding> {
  return judgeMailer(await inspectMailer(smtpUrl));
}

export function judgeMailer(facts: MailerFacts): CheckFinding {
  const check = 'mailer';
  if (facts.kind === 'away')
    return failing(check, facts.why, 'Correct SMTP_URL, or ask whoever runs the mail server. Nothing was sent.');
  const { capabilities, hasSignedIn } = facts;
  const auth = capabilities.auth.length === 0 ? 'no AUTH offered' : `AUTH ${capabilities.auth.join(' ')} offered`;
  const seen = `EHLO is answered, ${tlsWords(facts)}, ${auth}${hasSignedIn ? ', signed in' : ''}, ${extensionWords(capabilities)}`;
  if (facts.tls === 'none')
    return doubtful(check, seen, 'Drop requireTls=false: every notice passes the network in the clear.');
  if (capabilities.auth.length > 0 && !hasSignedIn && facts.tls !== 'none-on-loopback')
    return doubtful(check, `${seen}, and SMTP_URL names no login`, 'Name one, if this server relays for it only.');
  return sound(check, seen);
}

function extensionWords(capabilities: Capabilities): string {
  const { sizeMaxBytes } = capabilities;
  const extensions: readonly (readonly [string, boolean])[] = [
    ['PIPELINING', capabilities.pipelining],
    ['8BITMIME', capabilities.eightBitMime],
    ['SMTPUTF8', capabilities.smtpUtf8],
    [sizeMaxBytes === null || sizeMaxBytes === 0 ? 'SIZE' : `SIZE ${sizeMaxBytes}`, sizeMaxBytes !== null],
    ['DSN', capabilities.dsn],
    ['ENHANCEDSTATUSCODES', capabilities.enhancedStatusCodes],
  ];
  const named = (offered: boolean): string =>
    extensions
      .filter(([, isOffered]) => isOffered === offered)
      .map(([name]) => name)
      .join(' ') || 'nothing';
  return `it offers ${named(true)}, and not ${named(false)}`;
}

function tlsWords({ tls, capabilities }: MailerFacts & { readonly kind: 'open' }): string {
  switch (tls) {
    case 'implicit':
      return 'TLS from the first byte';
    case 'starttls':
      return 'TLS by STARTTLS';
    case 'none-on-loopback':
      return `on this machine, without TLS${capabilities.startTls ? ' (STARTTLS offered)' : ''}`;
    case 'none':
      return 'without TLS';
    default:
      return assertNever(tls);
  }
}
