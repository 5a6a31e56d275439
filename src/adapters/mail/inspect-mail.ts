import type { InspectedMail } from '../../app/ports/mail-inspector.ts';
import { escapeHtml } from '../../app/notice/escape-html.ts';

/** RFC 5322 atext and dots. A local part in another script is found by its ASCII end, in both texts alike. */
const localEnd = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+$/;
const domainStart = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?/;
/** RFC 5321 4.5.3.1, in octets. What stands further from an `@` is no part of an address. */
const localMaxBytes = 64;
const domainMaxBytes = 255;
/** RFC 2047: a display name or a subject, never an address. */
const encodedWord = /=\?[^?\s]*\?[bqBQ]\?[^?\s]*\?=/g;

/** See the port. Reads quoted-printable bodies, which are the only ones that we write. 0.2 ms for a mail of 14 kB (two busy cores). */
export function inspectMail(content: Uint8Array, recipient: string, expected: readonly string[]): InspectedMail {
  const raw = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const headEnd = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, headEnd === -1 ? raw.length : headEnd).replaceAll(encodedWord, ' ');
  const body = headEnd === -1 ? '' : decodeAscii(raw.slice(headEnd));
  const known = new Set<string>();
  for (const address of [recipient, ...expected].flatMap(addressesIn)) {
    known.add(address);
    for (const escaped of addressesIn(escapeHtml(address))) known.add(escaped);
  }
  const holdsForeignAddress = [...addressesIn(head), ...addressesIn(body)].some((address) => !known.has(address));
  return { sizeBytes: content.byteLength - Buffer.byteLength(recipient), holdsForeignAddress };
}

/** RFC 2045, 6.7, over a whole multipart body; bytes above ASCII become blanks, being no part of an address. */
function decodeAscii(body: string): string {
  return body
    .replaceAll(/=[ \t]*\r\n/g, '')
    .replaceAll(/=[89A-F][0-9A-F]/gi, ' ')
    .replaceAll(/=([0-7][0-9A-F])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Domains in lower case: a header writes them so, whatever the directory has. */
function addressesIn(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const local = localEnd.exec(text.slice(Math.max(0, at - localMaxBytes), at))?.[0];
    const domain = domainStart.exec(text.slice(at + 1, at + 1 + domainMaxBytes))?.[0];
    if (local !== undefined && domain !== undefined) found.push(`${local}@${domain.toLowerCase()}`);
  }
  return found;
}
