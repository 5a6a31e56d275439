import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { ListMark } from '../../app/ports/list-reader.ts';
import type { Digest } from '../../domain/shared/ids.ts';

/** A line of a leaked list is some 30 bytes; one past this is a binary blob or an attack on our memory. */
export const maxLineBytes = 64 * 1024;
/** Lines per block: enough to spread the cost per block, few enough that a block's hits are a small thing to hold. */
export const maxBlockLines = 1_000;
/** Chunks are gathered to at least this before they are cut, so that a list sent byte by byte costs no more. */
const gatherBytes = 64 * 1024;

export const lineFaults = ['too-long', 'nul', 'invalid-utf8'] as const;

/**
 * Consecutive lines as ranges of one buffer, without their line ends. The arrays and `bytes` are reused for the next
 * block: what outlives the block must be copied.
 */
export interface LineBlock {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Number of the block's first line; the first line of the list is 1. */
  readonly firstLine: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** 0, or 1 + the position in `lineFaults`. */
  readonly faults: Uint8Array;
  /** The point after the block's last line end. */
  mark(): ListMark;
}

const lf = 10;
const cr = 13;

/**
 * Cuts a stream into lines at LF, CRLF and lone CR, mixed as they come; a last line needs no end. A byte order mark at
 * the start is not part of line 1. A block ends at line `cutAfterLine`, whatever the chunks.
 */
export async function* splitLines(stream: AsyncIterable<Uint8Array>, cutAfterLine = 0): AsyncGenerator<LineBlock> {
  const splitter = new LineSplitter(cutAfterLine);
  for await (const gathered of gather(stream)) yield* splitter.cut(gathered, false);
  yield* splitter.cut(new Uint8Array(0), true);
}

async function* gather(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < gatherBytes) continue;
    yield waiting.length === 1 ? chunk : Buffer.concat(waiting, size);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting, size);
}

class LineSplitter {
  readonly #cutAfterLine: number;
  readonly #hash = createHash('sha256');
  readonly #starts = new Uint32Array(maxBlockLines);
  readonly #ends = new Uint32Array(maxBlockLines);
  readonly #faults = new Uint8Array(maxBlockLines);
  #count = 0;
  #carry: Uint8Array = new Uint8Array(0);
  /** The present line is past its limit and is being skipped; its earlier bytes are gone. */
  #skipping = false;
  /** How far the present chunk has been looked at. */
  #scanned = 0;
  #lines = 0;
  #bytes = 0;

  constructor(cutAfterLine: number) {
    this.#cutAfterLine = cutAfterLine;
  }

  *cut(chunk: Uint8Array, atEnd: boolean): Generator<LineBlock> {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    let hashed = 0;
    let start = this.#lines === 0 && this.#bytes === 0 ? lengthOfByteOrderMark(bytes) : 0;
    this.#scanned = start;
    for (;;) {
      start = this.#fillBlock(bytes, start, atEnd);
      if (!this.#isBlockDue()) break;
      this.#consume(bytes, hashed, start);
      hashed = start;
      yield this.#takeBlock(bytes);
    }
    if (atEnd && (start < bytes.length || this.#skipping)) {
      this.#endLine(start, bytes.length);
      start = bytes.length;
    }
    if (this.#scanned - start > maxLineBytes || this.#skipping) {
      // A CR at the very end stays: whether it ends the line alone or with an LF is known with the next byte.
      start = this.#scanned;
      this.#skipping = true;
    }
    this.#consume(bytes, hashed, start);
    // A copy: a Buffer's own slice would keep the whole chunk alive for the sake of its last line.
    this.#carry = Uint8Array.prototype.slice.call(bytes, start);
    if (this.#count > 0) yield this.#takeBlock(bytes);
  }

  /**
   * Adds lines to the block until it is due or no further line ends in `bytes`; the start of the line after them.
   * Apart from the generator above because V8 optimises a plain loop better: the whole reader gained a fifth by it.
   */
  #fillBlock(bytes: Uint8Array, from: number, atEnd: boolean): number {
    const size = bytes.length;
    let start = from;
    let at = from;
    while (at < size) {
      const byte = bytes[at] as number;
      if (byte > cr || (byte !== lf && byte !== cr)) {
        at += 1;
        continue;
      }
      if (byte === cr && at + 1 === size && !atEnd) break;
      const next = byte === cr && bytes[at + 1] === lf ? at + 2 : at + 1;
      this.#endLine(start, at);
      start = next;
      at = next;
      if (this.#isBlockDue()) break;
    }
    this.#scanned = at;
    return start;
  }

  #isBlockDue(): boolean {
    return this.#count === maxBlockLines || (this.#count > 0 && this.#lines === this.#cutAfterLine);
  }

  #endLine(start: number, end: number): void {
    const tooLong = this.#skipping || end - start > maxLineBytes;
    this.#starts[this.#count] = tooLong ? end : start;
    this.#ends[this.#count] = end;
    this.#faults[this.#count] = tooLong ? 1 : 0;
    this.#skipping = false;
    this.#count += 1;
    this.#lines += 1;
  }

  #consume(bytes: Uint8Array, from: number, to: number): void {
    if (to === from) return;
    this.#hash.update(bytes.subarray(from, to));
    this.#bytes += to - from;
  }

  #takeBlock(bytes: Uint8Array): LineBlock {
    const count = this.#count;
    this.#count = 0;
    markUnreadable(bytes, count, this.#starts, this.#ends, this.#faults);
    const [lines, atByte] = [this.#lines, this.#bytes];
    return {
      bytes,
      count,
      firstLine: lines - count + 1,
      starts: this.#starts,
      ends: this.#ends,
      faults: this.#faults,
      mark: () => ({ lines, bytes: atByte, prefixDigest: this.#hash.copy().digest('hex') as Digest }),
    };
  }
}

function lengthOfByteOrderMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Looks at the block as a whole first: nearly every block is clean, and a look per line costs more than its parsing. */
function markUnreadable(
  bytes: Uint8Array,
  count: number,
  starts: Uint32Array,
  ends: Uint32Array,
  faults: Uint8Array,
): void {
  const whole = bytes.subarray(starts[0] as number, ends[count - 1] as number);
  if (isUtf8(whole) && !whole.includes(0)) return;
  for (let line = 0; line < count; line += 1) {
    if (faults[line] !== 0) continue;
    const text = bytes.subarray(starts[line] as number, ends[line] as number);
    if (text.includes(0)) faults[line] = 2;
    else if (!isUtf8(text)) faults[line] = 3;
  }
}
