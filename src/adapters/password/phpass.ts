import { hash, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { StoredHashScheme } from './stored-hash.ts';

/** `$P$` (WordPress) or `$H$` (phpBB), one digit for the count, eight of salt, 22 of digest. */
const shape = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/;
const digits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Counts are powers of two; phpass itself takes no others (PasswordHash.php, crypt_private). */
const minLog2 = 7;
const maxLog2 = 30;
/** MD5 rounds between two looks at the event loop: about 2 ms, so that a HALT is never kept waiting by a hash. */
const roundsAtATime = 2_048;

export const phpass: StoredHashScheme = {
  name: 'phpass',
  fits: (storedHash) => shape.test(storedHash),
  async verify(password, storedHash) {
    const match = shape.exec(storedHash);
    if (match === null) return false;
    const [, countDigit, salt, digest] = match as unknown as [string, string, string, string];
    const log2 = digits.indexOf(countDigit);
    if (log2 < minLog2 || log2 > maxLog2) return false;
    const text = Buffer.from(password, 'utf8');
    let state = hash('md5', Buffer.concat([Buffer.from(salt), text]), 'buffer');
    const input = Buffer.concat([state, text]);
    const rounds = 2 ** log2;
    for (let round = 1; round <= rounds; round += 1) {
      state.copy(input);
      state = hash('md5', input, 'buffer');
      if (round % roundsAtATime === 0) await setImmediate();
    }
    return timingSafeEqual(Buffer.from(encode(state)), Buffer.from(digest));
  },
  sample: `$P$B${'.'.repeat(30)}`,
};

/** phpass' own base 64: little-endian groups of three bytes, least significant digit first, nothing padded. */
function encode(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = Math.min(3, bytes.length - at);
    let value = 0;
    for (let byte = 0; byte < left; byte += 1) value |= (bytes[at + byte] as number) << (8 * byte);
    for (let digit = 0; digit <= left; digit += 1) text += digits[(value >>> (6 * digit)) & 63];
  }
  return text;
}
