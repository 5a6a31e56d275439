import type { SendOutcome } from '../../app/ports/holder-transport.ts';
import type { Capabilities } from './smtp/capabilities.ts';
import { openSession } from './smtp/open-session.ts';
import type { TlsMode } from './smtp/smtp-server.ts';
import { poolSettings } from './transport-options.ts';

/** A person waits for the answer; a mail server that takes longer is slow enough to be told of. */
const limitMs = 5_000;

export type MailerFacts =
  | { readonly kind: 'away'; readonly why: string }
  | {
      readonly kind: 'open';
      readonly tls: TlsMode;
      readonly hasSignedIn: boolean;
      readonly capabilities: Capabilities;
    };

/** Connects, greets, puts TLS on and signs in exactly as a worker does, and says QUIT: no recipient is named. */
export async function inspectMailer(smtpUrl: string): Promise<MailerFacts> {
  const settings = poolSettings({
    smtpUrl,
    limits: { connectMs: limitMs, greetingMs: limitMs, commandMs: limitMs },
  });
  const opening = await openSession(settings);
  if (opening.kind === 'failed') return { kind: 'away', why: whyOf(opening.outcome) };
  const { wire, capabilities } = opening.session;
  wire.write('QUIT\r\n');
  await wire.hear(settings.limits.quitMs);
  wire.abort('said goodbye');
  return { kind: 'open', tls: settings.server.tls, hasSignedIn: settings.server.login !== null, capabilities };
}

function whyOf(outcome: SendOutcome): string {
  return 'why' in outcome ? outcome.why : `it answered ${outcome.code}: ${outcome.reply}`;
}
