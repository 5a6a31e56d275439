import { createPublicKey } from 'node:crypto';

/** COSE key parameters (RFC 9053 section 7.1, RFC 8230 section 4): by number, since the map is CBOR. */
const kty = 1;
const curveOrModulus = -1;
const xOrExponent = -2;
const yCoordinate = -3;
const okp = 1;
const ec2 = 2;
const rsa = 3;
const p256 = 1;
const ed25519 = 6;

/** A COSE_Key as SubjectPublicKeyInfo, DER in base64url; null for a kind that we did not ask for. */
export async function publicKeyOf(coseKey: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const { decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers');
  const map = decodeCredentialPublicKey(coseKey) as unknown as ReadonlyMap<number, unknown>;
  const bytes = (label: number): string => {
    const value = map.get(label);
    if (!(value instanceof Uint8Array)) throw new TypeError('a COSE key lacks a parameter');
    return Buffer.from(value).toString('base64url');
  };
  const spki = (key: Parameters<typeof createPublicKey>[0]): string =>
    createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64url');
  const kind = map.get(kty);
  if (kind === ec2 && map.get(curveOrModulus) === p256) {
    return spki({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: bytes(xOrExponent), y: bytes(yCoordinate) } });
  }
  if (kind === okp && map.get(curveOrModulus) === ed25519) {
    return spki({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: bytes(xOrExponent) } });
  }
  if (kind === rsa) {
    return spki({ format: 'jwk', key: { kty: 'RSA', n: bytes(curveOrModulus), e: bytes(xOrExponent) } });
  }
  return null;
}
