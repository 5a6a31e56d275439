import { createHash, hash, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Digests } from '../../app/ports/digests.ts';
import type { Digest } from '../../domain/shared/ids.ts';

export const digests: Digests = {
  canonical(value) {
    const text = canonicalize(value);
    if (text === undefined) throw new TypeError('only a JSON value has a canonical text');
    return text;
  },
  sha256(input) {
    return hash('sha256', input, 'hex') as Digest;
  },
  sha256Stream() {
    const stream = createHash('sha256');
    return {
      update(input) {
        stream.update(input);
      },
      digest() {
        return stream.digest('hex') as Digest;
      },
    };
  },
  randomHex(bytes) {
    return randomBytes(bytes).toString('hex');
  },
};
