/**
 * SHA-256 (FIPS 180-4) fed piece by piece. The browser's own takes a message whole, and the export of a million people is
 * half a gigabyte. Nothing secret goes in, so its time may tell what it reads.
 */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** 64 lower-case hex digits. Once; nothing may be added afterwards. */
  digest(): string;
}

const blockBytes = 64;
const rounds = 64;
const lengthBytes = 8;

const primes = firstPrimes(rounds);
/** Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const constants = Uint32Array.from(primes, (prime) => fractionBits(BigInt(prime), 3n));
/** Section 5.3.3: of the square roots of the first eight. */
const initial = Uint32Array.from(primes.slice(0, 8), (prime) => fractionBits(BigInt(prime), 2n));

export function makeSha256(): Sha256 {
  const state = Uint32Array.from(initial);
  const words = new Uint32Array(rounds);
  const block = new Uint8Array(blockBytes);
  const view = new DataView(block.buffer);
  let filled = 0;
  let length = 0;

  function add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(bytes.length - at, blockBytes - filled);
      block.set(bytes.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < blockBytes) return;
      compress(state, words, view);
      filled = 0;
    }
  }

  return {
    update(bytes) {
      length += bytes.length;
      add(bytes);
    },
    digest() {
      // Section 5.1.1: a bit that is set, zeros, and the length in bits as 64 bits.
      const zeros = (2 * blockBytes - 1 - lengthBytes - filled) % blockBytes;
      const padding = new Uint8Array(1 + zeros + lengthBytes);
      padding[0] = 0x80;
      new DataView(padding.buffer).setBigUint64(1 + zeros, BigInt(length) * 8n);
      add(padding);
      return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
    },
  };
}

/** Section 6.2.2, in place. */
function compress(state: Uint32Array, words: Uint32Array, block: DataView): void {
  for (let t = 0; t < 16; t += 1) words[t] = block.getUint32(4 * t);
  for (let t = 16; t < rounds; t += 1) {
    const w15 = words[t - 15] ?? 0;
    const w2 = words[t - 2] ?? 0;
    const s0 = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3);
    const s1 = turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10);
    words[t] = (words[t - 16] ?? 0) + s0 + (words[t - 7] ?? 0) + s1;
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let t = 0; t < rounds; t += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + (constants[t] ?? 0) + (words[t] ?? 0)) | 0;
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  // Each sum is cut to 32 bits by the array itself.
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function firstPrimes(count: number): readonly number[] {
  const found: number[] = [];
  for (let next = 2; found.length < count; next += 1) {
    if (found.every((prime) => next % prime !== 0)) found.push(next);
  }
  return found;
}

/** The first 32 bits behind the point of a root, exactly: the whole root of `value` moved by 32 bits. */
function fractionBits(value: bigint, root: bigint): number {
  const moved = value << (32n * root);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** root <= moved) low = middle;
    else high = middle;
  }
  return Number(low & 0xffff_ffffn);
}
