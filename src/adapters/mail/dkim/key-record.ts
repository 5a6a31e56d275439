import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface KeyRecord {
  /** Without a dot at its end. */
  readonly name: string;
  /** The whole value of the TXT record. */
  readonly value: string;
  /** The same as a line of a zone file, in strings of at most 255 bytes (RFC 1035 3.3). */
  readonly zoneLine: string;
}

const stringMaxBytes = 255;
/** Before the 32 bytes of an Ed25519 key in its SPKI form (RFC 8410). */
const ed25519PrefixBytes = 12;

/** What a receiver looks up to verify (RFC 6376 3.6.1, RFC 8463 4). */
export function keyRecord(domain: string, selector: string, privateKey: KeyObject): KeyRecord {
  const name = `${selector}._domainkey.${domain}`;
  const kind = privateKey.asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519';
  const value = `v=DKIM1; k=${kind}; p=${publicPart(privateKey).toString('base64')}`;
  const strings = value.match(new RegExp(`.{1,${stringMaxBytes}}`, 'g')) ?? [];
  return { name, value, zoneLine: `${name}. IN TXT ${strings.map((text) => `"${text}"`).join(' ')}` };
}

function publicPart(privateKey: KeyObject): Buffer {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return privateKey.asymmetricKeyType === 'rsa' ? spki : spki.subarray(ed25519PrefixBytes);
}
