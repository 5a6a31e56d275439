import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { Failure } from '../../domain/shared/failure.ts';
import { parseEnvelopeAddress, type EnvelopeAddress } from './envelope-address.ts';

export interface ReturnPathSettings {
  /** Secret of the installation, of its own or shared with other purposes: the statement signed names this one. As of a Message-ID. */
  readonly key: Uint8Array | KeyObject;
  /** Mailbox that takes bounces, by sub-address (RFC 5233): `bounces` for `bounces+...@domain`. */
  readonly mailbox: string;
  readonly domain: string;
}

export type ReadReturnPath =
  | { readonly kind: 'genuine'; readonly reference: string }
  /** It has our form and the wrong code. */
  | { readonly kind: 'forged' }
  | { readonly kind: 'not-ours' };

/** What names one delivery inside an address. Short, for a local part has 64 octets; lower case, for servers fold it. */
const referenceForm = /^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/;
const codeLength = 26;
const ownForm = /^([a-z0-9-]+)\.([a-z2-7]{26})$/;

/**
 * VERP return path: `bounces+<reference>.<code>@domain`, the code being 130 bits of HMAC-SHA-256. A bounce counts only if
 * the address it came to reads as genuine: others can guess a reference, not its code.
 */
export function makeReturnPath(settings: ReturnPathSettings, reference: string): EnvelopeAddress {
  if (!referenceForm.test(reference)) {
    throw new Failure('internal', 'A return path names its delivery by 1 to 24 of a-z, 0-9 and inner hyphens.');
  }
  const local = `${settings.mailbox}+${reference}.${codeFor(settings, reference)}`;
  const address = parseEnvelopeAddress(`${local}@${settings.domain}`);
  if (address === null) {
    throw new Failure(
      'usage',
      'The bounce mailbox and domain do not make an address. Use a mailbox name of at most 12 letters.',
    );
  }
  return address;
}

/** Reads an address that a bounce came to. Compared in constant time; letter case is ignored, as servers may change it. */
export function readReturnPath(settings: ReturnPathSettings, address: string): ReadReturnPath {
  const folded = asciiLower(address);
  const prefix = `${asciiLower(settings.mailbox)}+`;
  const suffix = `@${asciiLower(settings.domain)}`;
  if (!folded.startsWith(prefix) || !folded.endsWith(suffix)) return { kind: 'not-ours' };
  const [, reference, code] = ownForm.exec(folded.slice(prefix.length, -suffix.length)) ?? [];
  if (reference === undefined || code === undefined || !referenceForm.test(reference)) return { kind: 'not-ours' };
  const expected = Buffer.from(codeFor(settings, reference), 'ascii');
  return timingSafeEqual(Buffer.from(code, 'ascii'), expected) ? { kind: 'genuine', reference } : { kind: 'forged' };
}

function codeFor(settings: ReturnPathSettings, reference: string): string {
  const statement = JSON.stringify(['allclear return-path v1', asciiLower(settings.domain), reference]);
  return base32(createHmac('sha256', settings.key).update(statement, 'utf8').digest()).slice(0, codeLength);
}

const base32Symbols = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32 without padding, lower case; bits that fill no symbol are left out. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += base32Symbols[(held >>> (bits - 5)) & 31] ?? '';
    held &= 31;
  }
  return text;
}

/** ASCII only: Unicode case rules turn other letters into these (U+212A KELVIN SIGN into k). */
function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
