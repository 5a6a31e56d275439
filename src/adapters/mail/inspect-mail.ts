import type { InspectedMail } from '../../app/ports/mail-inspector.ts';
import { escapeHtml } from '../../app/notice/escape-html.ts';

/** RFC 5322 atext and dots. A local part in another script is found by its ASCII end, in both texts alike. */
const isInLocal = tableOf(/[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/);
const isInDomain = tableOf(/[A-Za-z0-9.-]/);
const isAtDomainsEnd = tableOf(/[A-Za-z0-9]/);
/** RFC 5321 4.5.3.1, in octets. What stands further from an `@` is no part of an address. */
const localMaxBytes = 64;
const domainMaxBytes = 255;
/** RFC 2047: a display name or a subject, never an address. */
const encodedWord = /=\?[^?\s]*\?[bqBQ]\?[^?\s]*\?=/g;

/** Far above a notice; a larger mail takes memory of its own. */
const roomBytes = 256 * 1024;
const room = Buffer.allocUnsafe(roomBytes);

/** The addresses of texts that are the same for many mails, read once: by the list itself, which nobody changes. */
const readBefore = new WeakMap<readonly string[], ReadonlySet<string>>();

/**
 * See the port. Reads quoted-printable bodies, which are the only ones that we write. 16 us for a mail of 5 kB with
 * approved texts that it knows (November 2026, two busy cores).
 */
export function inspectMail(
  content: Uint8Array,
  recipient: string,
  expected: readonly string[],
  approved: readonly string[] = [],
): InspectedMail {
  const raw = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const headEnd = raw.indexOf('\r\n\r\n');
  const head = raw.toString('latin1', 0, headEnd === -1 ? raw.length : headEnd).replaceAll(encodedWord, ' ');
  const known = knownIn([recipient, ...expected]);
  const alsoKnown = readBefore.get(approved) ?? remember(approved);
  const isForeign = (address: string): boolean => !known.has(address) && !alsoKnown.has(address);
  const found = headEnd === -1 ? [] : addressesIn(decodeAscii(raw, headEnd));
  return {
    sizeBytes: content.byteLength - Buffer.byteLength(recipient),
    holdsForeignAddress: addressesIn(head).some(isForeign) || found.some(isForeign),
  };
}

function remember(approved: readonly string[]): ReadonlySet<string> {
  const known = knownIn(approved);
  readBefore.set(approved, known);
  return known;
}

/** As they stand, and as HTML writes them. */
function knownIn(texts: readonly string[]): ReadonlySet<string> {
  const known = new Set<string>();
  for (const address of texts.flatMap(addressesIn)) {
    known.add(address);
    const escaped = escapeHtml(address);
    if (escaped !== address) for (const one of addressesIn(escaped)) known.add(one);
  }
  return known;
}

const EQUALS = 0x3d;
const SPACE = 0x20;
const HTAB = 0x09;
const CR = 0x0d;
const LF = 0x0a;

/**
 * RFC 2045, 6.7, over a whole multipart body from `from` on; bytes above ASCII become blanks, being no part of an address.
 * What follows the equals sign is read with the soft line breaks taken out, as whoever joins the lines first would read it.
 */
function decodeAscii(raw: Buffer, from: number): string {
  const decoded = raw.length - from <= room.length ? room : Buffer.allocUnsafe(raw.length - from);
  let size = 0;
  let at = from;
  while (at < raw.length) {
    const byte = raw[at] as number;
    at += 1;
    if (byte !== EQUALS) {
      decoded[size] = byte;
      size += 1;
      continue;
    }
    const lineEnd = afterSoftBreak(raw, at - 1);
    if (lineEnd !== at - 1) {
      at = lineEnd;
      continue;
    }
    const highAt = afterSoftBreak(raw, at);
    const high = hexOf(raw[highAt]);
    const lowAt = high === -1 ? highAt : afterSoftBreak(raw, highAt + 1);
    const low = high === -1 ? -1 : hexOf(raw[lowAt]);
    if (low === -1) decoded[size] = EQUALS;
    else {
      decoded[size] = high > 7 ? SPACE : high * 16 + low;
      at = lowAt + 1;
    }
    size += 1;
  }
  return decoded.toString('latin1', 0, size);
}

/** Where the text goes on if soft line breaks stand at `at`; else `at` itself. */
function afterSoftBreak(raw: Buffer, at: number): number {
  let next = at;
  while (raw[next] === EQUALS) {
    let end = next + 1;
    while (raw[end] === SPACE || raw[end] === HTAB) end += 1;
    if (raw[end] !== CR || raw[end + 1] !== LF) return next;
    next = end + 2;
  }
  return next;
}

/** -1 for whatever is no hexadecimal digit. */
function hexOf(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Domains in lower case: a header writes them so, whatever the directory has. */
function addressesIn(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    let from = at;
    while (from > 0 && at - from < localMaxBytes && isInLocal[text.charCodeAt(from - 1)] === true) from -= 1;
    let to = at + 1;
    while (to - at <= domainMaxBytes && isInDomain[text.charCodeAt(to)] === true) to += 1;
    while (to > at + 1 && isAtDomainsEnd[text.charCodeAt(to - 1)] !== true) to -= 1;
    if (from < at && isAtDomainsEnd[text.charCodeAt(at + 1)] === true)
      found.push(`${text.slice(from, at)}@${text.slice(at + 1, to).toLowerCase()}`);
  }
  return found;
}

/** Whether each of the ASCII characters is of the kind. */
function tableOf(kind: RegExp): readonly boolean[] {
  return Array.from({ length: 128 }, (_, code) => kind.test(String.fromCharCode(code)));
}
