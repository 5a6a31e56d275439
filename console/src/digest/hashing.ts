import canonicalize from 'canonicalize';
import type { PlanHashing } from '../../../src/domain/plan/recompute-plan.ts';
import { makeSha256 } from './sha256.ts';

const encoder = new TextEncoder();

/** What digests are computed with in the browser: the text by the very package that the server uses. */
export const hashing: PlanHashing = {
  canonical(value) {
    const text = canonicalize(value);
    if (text === undefined) throw new TypeError('only a JSON value has a canonical text');
    return text;
  },
  sha256(input) {
    const whole = makeSha256();
    whole.update(encoder.encode(input));
    return whole.digest();
  },
  sha256Stream() {
    const stream = makeSha256();
    return {
      update: (input) => stream.update(encoder.encode(input)),
      digest: () => stream.digest(),
    };
  },
};
