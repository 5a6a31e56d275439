import { hash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { Failure } from '../../../domain/shared/failure.ts';
import { relaxBody } from './relax-body.ts';
import { makeHeaderChooser } from './signed-headers.ts';

/** Puts a DKIM signature of each key above a finished message. Equal bytes give equal signatures (I5). */
export type SignMail = (content: Uint8Array) => Uint8Array;

export interface DkimKey {
  readonly selector: string;
  readonly privateKey: KeyObject;
}

export interface DkimSettings {
  readonly domain: string;
  /** RSA (RFC 6376) or Ed25519 (RFC 8463); each signs every mail, the first stands uppermost. */
  readonly keys: readonly DkimKey[];
}

/** Far above a notice; a larger mail takes memory of its own. */
const roomBytes = 256 * 1024;
/** RFC 5322 2.1.1 wants 78 with the CRLF. */
const lineMax = 76;

/**
 * `t=` is the mail's own Date: nothing but the message and the keys decides a signature. There is no `l=`, which would let
 * others add to a body, and no `x=`: a letter that says "your account is safe again" has to verify whenever it is read.
 */
export function makeMailSigner({ domain, keys }: DkimSettings): SignMail {
  const signers = keys.map((key) => ({ ...key, algorithm: algorithmOf(key.privateKey) }));
  const room = Buffer.allocUnsafe(roomBytes);
  const chooseHeaders = makeHeaderChooser();
  let folded = { names: [] as readonly string[], lines: [] as readonly string[] };
  const foldedOnce = (names: readonly string[]): readonly string[] => {
    if (folded.names !== names) folded = { names, lines: foldNames(names) };
    return folded.lines;
  };
  return (content) => {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const headEnd = bytes.indexOf('\r\n\r\n');
    if (headEnd < 1) throw new Failure('internal', 'A mail without a head cannot be signed.');
    const head = bytes.toString('latin1', 0, headEnd);
    const bodyHash = hash('sha256', relaxBody(bytes.subarray(headEnd + 4), room), 'base64');
    const { names, relaxed } = chooseHeaders(head);
    const time = timeTag(head);
    const headers = foldedOnce(names);
    const signatures = signers.map(({ selector, algorithm, privateKey }) => {
      // Single blanks, each at the beginning of a line: the relaxed form is the lines put together.
      const lines = [
        `v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain};`,
        ` s=${selector};${time}`,
        ...headers,
        ` bh=${bodyHash};`,
        ' b=',
      ];
      const signed = Buffer.from(`${relaxed}dkim-signature:${lines.join('')}`, 'latin1');
      return `DKIM-Signature: ${lines.join('\r\n')}${foldBase64(signBytes(algorithm, signed, privateKey).toString('base64'))}\r\n`;
    });
    const above = signatures.join('');
    const signed = Buffer.allocUnsafe(above.length + bytes.length);
    signed.write(above, 'latin1');
    bytes.copy(signed, above.length);
    return signed;
  };
}

type Algorithm = 'rsa-sha256' | 'ed25519-sha256';

function algorithmOf(key: KeyObject): Algorithm {
  if (key.asymmetricKeyType === 'rsa') return 'rsa-sha256';
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519-sha256';
  throw new Failure('internal', 'DKIM signs with RSA or Ed25519 alone.');
}

/**
 * On this very thread: handing RSA to another costs a quarter more in all, and workers are as many as there are cores. A halt
 * that comes meanwhile is seen all the same, by the look just before the dot.
 */
function signBytes(algorithm: Algorithm, data: Buffer, key: KeyObject): Buffer {
  // RFC 8463 section 3: what Ed25519 signs is the digest.
  return algorithm === 'ed25519-sha256' ? sign(null, hash('sha256', data, 'buffer'), key) : sign('sha256', data, key);
}

function timeTag(head: string): string {
  const date = /(?:^|\r\n)date:(.*)/i.exec(head)?.[1];
  const seconds = Math.floor(Date.parse(date ?? '') / 1_000);
  return Number.isFinite(seconds) && seconds > 0 ? ` t=${seconds};` : '';
}

function foldNames(names: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = ' h=';
  for (const [index, name] of names.entries()) {
    const part = `${name}${index + 1 < names.length ? ':' : ';'}`;
    if (line.length + part.length > lineMax) {
      lines.push(line);
      line = ' ';
    }
    line += part;
  }
  return [...lines, line];
}

function foldBase64(text: string): string {
  return (text.match(/.{1,72}/g) ?? []).join('\r\n ');
}
