import { randomBytes } from 'node:crypto';

/**
 * HalfSipHash-2-4 with 64 bits of output (Aumasson and Bernstein, SipHash reference code, `halfsiphash.c`): a keyed
 * hash of 32-bit words, which is what JavaScript computes fast. Keyed anew per run, because the list is hostile: who
 * cannot predict the hash cannot pile its lines onto one slot. The result is in `low` and `high`.
 */
export class KeyedHash {
  low = 0;
  high = 0;
  readonly #key0: number;
  readonly #key1: number;
  readonly #foldsAscii: boolean;

  /** `foldsAscii`: A-Z hash as a-z. No other byte is folded, so no other letter ever compares equal. */
  constructor(foldsAscii: boolean, key: Uint8Array = randomBytes(8)) {
    const view = new DataView(key.buffer, key.byteOffset, 8);
    this.#key0 = view.getInt32(0, true);
    this.#key1 = view.getInt32(4, true);
    this.#foldsAscii = foldsAscii;
  }

  /** Hashes `bytes` from `start` up to `end`. */
  update(bytes: Uint8Array, start: number, end: number): void {
    const folds = this.#foldsAscii;
    let v0 = this.#key0;
    let v1 = this.#key1 ^ 0xee;
    let v2 = 0x6c796765 ^ this.#key0;
    let v3 = 0x74656462 ^ this.#key1;
    const length = end - start;
    const whole = start + (length & ~3);
    // One word more than there are whole ones (the rest and the length), then four rounds to finish, twice.
    for (let at = start; ; at += 4) {
      let word: number;
      if (at < whole) {
        const a = bytes[at] as number;
        const b = bytes[at + 1] as number;
        const c = bytes[at + 2] as number;
        const d = bytes[at + 3] as number;
        word = folds
          ? lower(a) | (lower(b) << 8) | (lower(c) << 16) | (lower(d) << 24)
          : a | (b << 8) | (c << 16) | (d << 24);
      } else {
        word = length << 24;
        for (let rest = at; rest < end; rest += 1) {
          const byte = bytes[rest] as number;
          word |= (folds ? lower(byte) : byte) << ((rest - at) * 8);
        }
      }
      v3 ^= word;
      for (let round = 0; round < 2; round += 1) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
      }
      v0 ^= word;
      if (at >= whole) break;
    }
    v2 ^= 0xee;
    for (let round = 0; round < 8; round += 1) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      if (round === 3) {
        this.low = v1 ^ v3;
        v1 ^= 0xdd;
      }
    }
    this.high = v1 ^ v3;
  }

  /** The hash of a whole text as 16 hex digits. */
  hexOf(text: Uint8Array): string {
    this.update(text, 0, text.length);
    return (this.high >>> 0).toString(16).padStart(8, '0') + (this.low >>> 0).toString(16).padStart(8, '0');
  }
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte | 32 : byte;
}
