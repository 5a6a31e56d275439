import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ChallengePurpose } from '../../app/ports/passkeys.ts';

/** 128 bits to tell two apart, the time of its end, and an HMAC-SHA-256 over both and the purpose: 56 bytes. */
const randomLength = 16;
const endLength = 8;
const macLength = 32;

/** Challenges that prove by themselves that they were made here, for what, and until when: nothing is kept of them. */
export function makeChallenges(key: Uint8Array): {
  make(purpose: ChallengePurpose, expiresAt: Date): string;
  isGood(challenge: string, purpose: ChallengePurpose, now: Date): boolean;
} {
  const macOf = (body: Uint8Array, purpose: ChallengePurpose): Buffer =>
    createHmac('sha256', key).update(purpose).update('\n').update(body).digest();

  return {
    make(purpose, expiresAt) {
      const body = Buffer.alloc(randomLength + endLength);
      randomBytes(randomLength).copy(body);
      body.writeBigUInt64BE(BigInt(expiresAt.getTime()), randomLength);
      return Buffer.concat([body, macOf(body, purpose)]).toString('base64url');
    },
    isGood(challenge, purpose, now) {
      const bytes = Buffer.from(challenge, 'base64url');
      // One spelling only: a challenge is remembered as text once it was answered.
      if (bytes.length !== randomLength + endLength + macLength || bytes.toString('base64url') !== challenge)
        return false;
      const body = bytes.subarray(0, randomLength + endLength);
      if (!timingSafeEqual(bytes.subarray(randomLength + endLength), macOf(body, purpose))) return false;
      return body.readBigUInt64BE(randomLength) > BigInt(now.getTime());
    },
  };
}
