import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * An authenticator in software (W3C Web Authentication Level 3, sections 6 and 7), written apart from the server's code:
 * ES256, no attestation. What a real one never does (no user verification, another origin, an old counter) it does on demand.
 */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32);
  #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  #count: number;

  /** `counts`: whether signatures are counted, as hardware keys do. */
  constructor(counts = false) {
    this.#count = counts ? 1 : 0;
  }

  /** A second device with the very same key. */
  static copyOf(other: SoftwareAuthenticator): SoftwareAuthenticator {
    const copy = new SoftwareAuthenticator();
    other.credentialId.copy(copy.credentialId);
    copy.#key = other.#key;
    copy.#count = other.#count;
    return copy;
  }

  get id(): string {
    return this.credentialId.toString('base64url');
  }

  get key(): KeyObject {
    return this.#key;
  }

  create(options: CreationOptions, at: Ceremony): Record<string, unknown> {
    const clientDataJSON = clientData('webauthn.create', options.challenge, at);
    const { x, y } = createPublicKey(this.#key).export({ format: 'jwk' });
    const cose = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x ?? '', 'base64url')],
      [-3, Buffer.from(y ?? '', 'base64url')],
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.credentialId.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.credentialId, cose]);
    const authData = Buffer.concat([this.#authData(at, options.rp.id, 0x40), attested]);
    const attestationObject = cborMap([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientDataJSON.toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  get(options: RequestOptions, at: Ceremony): Record<string, unknown> {
    const clientDataJSON = clientData('webauthn.get', options.challenge, at);
    if (this.#count > 0) this.#count += 1;
    const authenticatorData = this.#authData(at, options.rpId, 0);
    const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientDataJSON.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, this.#key).toString('base64url'),
      },
    };
  }

  #authData(at: Ceremony, rpId: string, extraFlags: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.#count);
    const flags = 0x01 | (at.isUserVerified === false ? 0 : 0x04) | extraFlags;
    return Buffer.concat([sha256(Buffer.from(at.rpId ?? rpId)), Buffer.of(flags), count]);
  }
}

export interface Ceremony {
  /** Of the page that asks. */
  readonly origin: string;
  /** Of another host than was asked for. */
  readonly rpId?: string;
  readonly isUserVerified?: boolean;
}

export interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
}

export interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
}

function clientData(type: string, challenge: string, { origin }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

type CborValue = number | string | Uint8Array | ReadonlyMap<unknown, unknown>;

/** RFC 8949, as much of it as a credential is written in. */
function cborMap(entries: readonly (readonly [number | string, CborValue])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])]);
}

function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return head(5, 0);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.of((major << 5) | length);
  if (length < 256) return Buffer.of((major << 5) | 24, length);
  return Buffer.of((major << 5) | 25, length >> 8, length & 255);
}
