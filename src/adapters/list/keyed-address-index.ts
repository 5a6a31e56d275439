import type { AddressIndex } from '../../app/ports/list-reader.ts';
import { KeyedHash } from './keyed-hash.ts';

const firstCapacity = 1 << 12;
/** Above this load, runs of full slots grow long and each miss walks them. */
const maxLoad = 0.6;

/**
 * Open addressing over two typed arrays: 64 bits of hash per address, nothing else. At ten million accounts one
 * strange line in 10^12 passes, and the directory itself confirms each that does.
 */
export class KeyedAddressIndex implements AddressIndex {
  readonly hash: KeyedHash;
  #low = new Int32Array(firstCapacity);
  #high = new Int32Array(firstCapacity);
  #size = 0;

  constructor(comparison: 'ascii-lower' | 'exact') {
    this.hash = new KeyedHash(comparison === 'ascii-lower');
  }

  get size(): number {
    return this.#size;
  }

  add(address: string): void {
    const bytes = Buffer.from(address, 'utf8');
    this.hash.update(bytes, 0, bytes.length);
    if (this.#size + 1 > this.#low.length * maxLoad) this.#grow();
    if (insert(this.#low, this.#high, this.hash.low, this.hash.high)) this.#size += 1;
  }

  /** Whether an address of this hash was added. */
  has(low: number, high: number): boolean {
    const slot = find(this.#low, this.#high, low, high);
    return this.#low[slot] !== 0 || this.#high[slot] !== 0;
  }

  #grow(): void {
    const low = new Int32Array(this.#low.length * 2);
    const high = new Int32Array(this.#low.length * 2);
    for (let slot = 0; slot < this.#low.length; slot += 1) {
      const [oldLow, oldHigh] = [this.#low[slot] as number, this.#high[slot] as number];
      if (oldLow !== 0 || oldHigh !== 0) insert(low, high, oldLow, oldHigh);
    }
    this.#low = low;
    this.#high = high;
  }
}

/** The slot that holds this hash, or the empty one where it would go. Ends, because a table is never full. */
function find(lows: Int32Array, highs: Int32Array, low: number, high: number): number {
  const mask = lows.length - 1;
  // Two zero words mean an empty slot; the one hash in 2^64 that is zero shares a slot with its neighbour.
  const sought = low === 0 && high === 0 ? 1 : low;
  let slot = (high ^ (high >>> 15)) & mask;
  while (lows[slot] !== 0 || highs[slot] !== 0) {
    if (lows[slot] === sought && highs[slot] === high) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

function insert(lows: Int32Array, highs: Int32Array, low: number, high: number): boolean {
  const slot = find(lows, highs, low, high);
  if (lows[slot] !== 0 || highs[slot] !== 0) return false;
  lows[slot] = low === 0 && high === 0 ? 1 : low;
  highs[slot] = high;
  return true;
}
