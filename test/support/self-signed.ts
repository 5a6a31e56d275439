import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

const tag = { integer: 0x02, bits: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, sequence: 0x30, set: 0x31, time: 0x18 };

/**
 * A self-signed P-256 certificate (RFC 5280) for one DNS name and 127.0.0.1, made when a test needs it, so that no
 * private key lies in the repository and an expired certificate can be had at will.
 */
export function makeSelfSigned(options: {
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(tag.sequence, oid('2a8648ce3d040302'));
  const name = der(
    tag.sequence,
    der(tag.set, der(tag.sequence, oid('550403'), der(tag.utf8, Buffer.from(options.name)))),
  );
  const alternativeNames = der(
    tag.sequence,
    der(0x82, Buffer.from(options.name)),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  );
  const extensions = der(
    tag.sequence,
    der(tag.sequence, oid('551d11'), der(tag.octets, alternativeNames)),
    der(
      tag.sequence,
      oid('551d13'),
      der(0x01, Buffer.from([0xff])),
      der(tag.octets, der(tag.sequence, der(0x01, Buffer.from([0xff])))),
    ),
  );
  const body = der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    der(tag.sequence, time(options.notBefore), time(options.notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(tag.sequence, body, ecdsaWithSha256, der(tag.bits, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

function der(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [type, length] : length < 0x100 ? [type, 0x81, length] : [type, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function oid(hex: string): Buffer {
  return der(tag.oid, Buffer.from(hex, 'hex'));
}

/** GeneralizedTime, for any year. */
function time(at: Date): Buffer {
  return der(tag.time, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
}
