import type { EnvelopeAddress } from '../envelope-address.ts';
import { needsSmtpUtf8 } from '../envelope-address.ts';

/** RFC 3461 4.4 and 4.2, in characters. */
const envelopeIdMax = 100;
const originalRecipientMax = 500;

/**
 * What a report of failure or delay is to be about (RFC 3461): our own name for the mail, and the address as we wrote it,
 * whatever forwarding made of it. The name is that of the return path, so that a report whose recipient was rewritten
 * under way still says which mail it means and carries its proof. Heads alone come back: a body would tell a mailbox on the way more.
 */
export function mailParameters(from: EnvelopeAddress): readonly string[] {
  const id = xtext(from.slice(0, from.lastIndexOf('@')));
  const isFit = id !== null && id.length <= envelopeIdMax;
  return ['RET=HDRS', ...(isFit ? [`ENVID=${id}`] : [])];
}

export function recipientParameters(to: EnvelopeAddress): readonly string[] {
  const original = needsSmtpUtf8(to) ? `utf-8;${utf8Address(to)}` : `rfc822;${xtext(to) ?? ''}`;
  return ['NOTIFY=FAILURE,DELAY', ...(original.length <= originalRecipientMax ? [`ORCPT=${original}`] : [])];
}

/** RFC 3461 4: printable ASCII, with `+` and `=` in hexadecimal. Null beyond ASCII. */
function xtext(text: string): string | null {
  if (/[^\x21-\x7e]/.test(text)) return null;
  return text.replaceAll(/[+=]/g, (sign) => `+${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** RFC 6533 3, utf-8-addr-xtext: it passes servers of every kind. */
function utf8Address(text: string): string {
  return [...text]
    .map((character) => {
      if (/^[\x21-\x7e]$/.test(character) && !/^[+=\\]$/.test(character)) return character;
      return `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}}`;
    })
    .join('');
}
