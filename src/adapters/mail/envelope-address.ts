declare const envelopeAddress: unique symbol;

/** A mailbox that is safe inside `MAIL FROM:<...>`, `RCPT TO:<...>` and a header, and the same bytes as it came in. */
export type EnvelopeAddress = string & { readonly [envelopeAddress]: true };

/** RFC 5321 4.5.3.1, in octets. A path is 256 with its two angle brackets. */
const localMaxBytes = 64;
const domainMaxBytes = 255;
const addressMaxBytes = 254;

/** RFC 5322 atext, and dots anywhere: some Japanese carriers issue `a..b@` and `a.@`, and I6 wants every byte kept. */
const plainLocal = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\u0080-\u{10ffff}]+$/u;
/** A quoted local part, without blanks, angle brackets, quotes or backslashes inside. */
const quotedLocal = /^"[!#-;=?-[\]-~\u0080-\u{10ffff}]+"$/u;
const domainLabel = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;
const addressLiteral = /^\[(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|IPv6:[0-9A-Fa-f:.]{2,45})\]$/;
/** Controls (also C1), format characters such as bidi overrides, blanks of every kind, line separators, lone surrogates. */
const neverInAddress = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}<>]/u;

/**
 * Null for whatever could break out of a command or header, or exceeds RFC 5321's sizes. Nothing is trimmed, folded or
 * converted: an address is taken as it is or not at all.
 */
export function parseEnvelopeAddress(text: string): EnvelopeAddress | null {
  if (neverInAddress.test(text) || byteLength(text) > addressMaxBytes) return null;
  const at = text.lastIndexOf('@');
  if (at < 1) return null;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (byteLength(local) > localMaxBytes || !(plainLocal.test(local) || quotedLocal.test(local))) return null;
  if (byteLength(domain) > domainMaxBytes || !isDomain(domain)) return null;
  return text as EnvelopeAddress;
}

/** RFC 6531: only a server that offers SMTPUTF8 may be given this address. */
export function needsSmtpUtf8(address: EnvelopeAddress | ''): boolean {
  return /[^\x00-\x7f]/.test(address);
}

/** The address as an RFC 5322 addr-spec: a local part with stray dots, which SMTP carries as it is, is quoted here. */
export function headerForm(address: EnvelopeAddress): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const isDotAtom = local.startsWith('"') || (!/^\.|\.\.|\.$/.test(local) && local !== '');
  return isDotAtom ? address : `"${local}"${address.slice(at)}`;
}

function isDomain(domain: string): boolean {
  if (addressLiteral.test(domain)) return true;
  return domain.split('.').every((label) => domainLabel.test(label));
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
