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
 * See the port. Reads quoted-printable bodies, which are the only ones that we write. Decoded are the lines that hold an
 * `@`: half of what reading all of a mail of 5 kB costs (November 2026, two busy cores).
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
  const found = headEnd === -1 ? [] : addressesIn(decodedAround(raw, headEnd));
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

/**
 * The decoded lines of a body in which an `@` can stand; a line goes on behind a soft break. No address spans two of them, and
 * no line is begun in the middle of an escape. An `@` that was itself encoded, which we never write, has all of it read.
 */
function decodedAround(raw: Buffer, from: number): string {
  const text = raw.toString('latin1', from);
  // Of `=40` the soft breaks may part every sign from the next.
  if (['==', '=40', '=4='].some((part) => text.includes(part))) return decodeAscii(raw, from, raw.length);
  let decoded = '';
  for (let at = text.indexOf('@'); at !== -1;) {
    let begin = text.lastIndexOf('\n', at);
    while (begin !== -1 && isSoftBreak(text, begin)) begin = text.lastIndexOf('\n', begin - 1);
    let end = text.indexOf('\n', at);
    while (end !== -1 && isSoftBreak(text, end)) end = text.indexOf('\n', end + 1);
    decoded += `${decodeAscii(raw, from + begin + 1, end === -1 ? raw.length : from + end)}\n`;
    at = end === -1 ? -1 : text.indexOf('@', end);
  }
  return decoded;
}

/** Whether the line that ends at `end` goes on in the next one. */
function isSoftBreak(text: string, end: number): boolean {
  if (text[end - 1] !== '\r') return false;
  let last = end - 2;
  while (text[last] === ' ' || text[last] === '\t') last -= 1;
  return text[last] === '=';
}

const EQUALS = 0x3d;
const SPACE = 0x20;
const HTAB = 0x09;
const CR = 0x0d;
const LF = 0x0a;

/**
 * RFC 2045, 6.7, over a part of a multipart body; bytes above ASCII become blanks, being no part of an address.
 * What follows the equals sign is read with the soft line breaks taken out, as whoever joins the lines first would read it.
 */
function decodeAscii(raw: Buffer, from: number, end: number): string {
  const decoded = end - from <= room.length ? room : Buffer.allocUnsafe(end - from);
  let size = 0;
  let at = from;
  while (at < end) {
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
