import type { OutgoingMessage, SendOutcome } from '../../app/ports/holder-transport.ts';
import type { SignMail } from './dkim/sign-mail.ts';
import { parseEnvelopeAddress } from './envelope-address.ts';
import type { DotAsks } from './smtp/deliver.ts';
import { refusedHere, withoutAddress } from './smtp/outcomes.ts';
import type { SessionPool } from './smtp/session-pool.ts';
import { prepareContent } from './wire-content.ts';

/**
 * The one way from a message to the wire, for both transports: whatever is not a plain mailbox or a well-formed message
 * is refused here, before anything is sent.
 */
export async function sendMessage(
  pool: SessionPool,
  message: OutgoingMessage<string>,
  asks: DotAsks,
  signMail: SignMail | undefined,
): Promise<SendOutcome> {
  const to = parseEnvelopeAddress(message.envelopeTo);
  if (to === null)
    return refusedHere('connecting', 553, '5.1.3', 'the recipient is not an address that SMTP can carry');
  const from = message.envelopeFrom === '' ? '' : parseEnvelopeAddress(message.envelopeFrom);
  if (from === null) return refusedHere('connecting', 553, '5.1.7', 'the return path is not an address');
  const content = prepareContent(signMail === undefined ? message.content : signMail(message.content));
  if (typeof content === 'string')
    return refusedHere('connecting', 554, '5.6.0', `the message is malformed: ${content}`);
  return withoutAddress(await pool.send({ from, to }, content, asks), to);
}
