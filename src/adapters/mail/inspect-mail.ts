import type { InspectedMail } from '../../app/ports/mail-inspector.ts';
import { escapeHtml } from './html-escape.ts';

/** As mail readers would make a link of it. Local parts in other scripts are found by their ASCII end, in both texts alike. */
const addressShape = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?/g;
/** RFC 2047: a display name or a subject, never an address. */
const encodedWord = /=\?[^?\s]*\?[bqBQ]\?[^?\s]*\?=/g;

/** See the port. Reads quoted-printable bodies, which are the only ones that we write. */
export function inspectMail(content: Uint8Array, expected: readonly string[]): InspectedMail {
  const raw = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const headEnd = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, headEnd === -1 ? raw.length : headEnd).replaceAll(encodedWord, ' ');
  const body = headEnd === -1 ? '' : decodeQuotedPrintable(raw.slice(headEnd));
  const known = new Set(expected.flatMap((text) => [...addressesIn(text), ...addressesIn(escapeHtml(text))]));
  const holdsForeignAddress = [...addressesIn(head), ...addressesIn(body)].some((address) => !known.has(address));
  return { sizeBytes: content.byteLength, holdsForeignAddress };
}

/** RFC 2045, 6.7, over a whole multipart body: boundaries and part headers hold no `=XX`. */
function decodeQuotedPrintable(body: string): string {
  return body
    .replaceAll(/=[ \t]*\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Domains in lower case: a header writes them so, whatever the directory has. */
function addressesIn(text: string): readonly string[] {
  return [...text.matchAll(addressShape)].map(([address]) => {
    const at = address.lastIndexOf('@');
    return address.slice(0, at) + address.slice(at).toLowerCase();
  });
}
