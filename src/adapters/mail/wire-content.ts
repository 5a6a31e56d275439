const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
/** RFC 5322 2.1.1, without the CRLF. */
const lineMaxBytes = 998;

/** A message as it goes onto the wire: checked, dot-stuffed, ending in CRLF, without the final dot. */
export interface WireContent {
  readonly bytes: Uint8Array;
  /** Size before stuffing, as RFC 1870 counts it. */
  readonly sizeBytes: number;
  readonly isEightBit: boolean;
}

export type ContentProblem = 'bare CR' | 'bare LF' | 'NUL' | 'line over 998 bytes' | 'empty';

/**
 * Makes content fit for DATA (RFC 5321 4.5.2), or says why it must not leave: a bare CR or LF is how one message is
 * smuggled inside another. A missing last CRLF is added.
 */
export function prepareContent(content: Uint8Array): WireContent | ContentProblem {
  const dots = new DotStuffer();
  const problem = dots.push(content);
  return problem ?? dots.finish();
}

/** The same piece by piece: what comes out does not depend on where the pieces were cut. */
export class DotStuffer {
  readonly #pieces: Uint8Array[] = [];
  #previous = LF;
  #lineBytes = 0;
  #sizeBytes = 0;
  #isEightBit = false;

  /**
   * Returns why the content cannot be sent, or null. After a problem the stuffer is of no more use. Bytes above the dot,
   * which are nearly all, cost one comparison each: 4 us for a mail of 5 kB (November 2026).
   */
  push(chunk: Uint8Array): ContentProblem | null {
    let from = 0;
    let previous = this.#previous;
    /** Where the line under way begins; before 0 where it began in an earlier chunk. */
    let lineStart = -this.#lineBytes;
    let allBits = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      allBits |= byte;
      if (byte > DOT) {
        if (previous === CR) return 'bare CR';
        previous = byte;
        continue;
      }
      if (byte === LF) {
        if (previous !== CR) return 'bare LF';
        if (at - 1 - lineStart > lineMaxBytes) return 'line over 998 bytes';
        lineStart = at + 1;
      } else {
        if (previous === CR) return 'bare CR';
        if (byte === 0) return 'NUL';
        if (byte === DOT && at === lineStart) {
          this.#pieces.push(chunk.subarray(from, at), dotPiece);
          from = at;
        }
      }
      previous = byte;
    }
    // The CR of a line end that the next chunk completes is no part of the line.
    if (chunk.length - lineStart - (previous === CR ? 1 : 0) > lineMaxBytes) return 'line over 998 bytes';
    this.#pieces.push(chunk.subarray(from));
    this.#previous = previous;
    this.#lineBytes = chunk.length - lineStart;
    this.#sizeBytes += chunk.length;
    this.#isEightBit ||= allBits > 0x7f;
    return null;
  }

  finish(): WireContent | ContentProblem {
    if (this.#sizeBytes === 0) return 'empty';
    if (this.#previous === CR) return 'bare CR';
    if (this.#previous !== LF) {
      this.#pieces.push(lineEnd);
      this.#sizeBytes += lineEnd.length;
    }
    const [first] = this.#pieces;
    const bytes = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces);
    return { bytes, sizeBytes: this.#sizeBytes, isEightBit: this.#isEightBit };
  }
}

const dotPiece = Uint8Array.of(DOT);
const lineEnd = Uint8Array.of(CR, LF);
