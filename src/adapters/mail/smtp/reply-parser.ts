/** One complete SMTP reply (RFC 5321 section 4.2). */
export interface Reply {
  /** 200 to 599. */
  readonly code: number;
  /** RFC 3463 status such as `5.1.1`, where the first line carries one of the code's own class (RFC 2034). */
  readonly enhanced: string | null;
  /** Text of all lines, each unprintable byte as `?`, at most `replyTextMax` characters. */
  readonly text: string;
  readonly lines: readonly string[];
}

/** RFC 5321 4.5.3.1.5 says 512; real servers exceed it, none comes near this. */
const lineMaxBytes = 4096;
/** A whole EHLO answer is under 2 KiB; this only ends a server that never stops. */
const replyMaxBytes = 65_536;
const replyMaxLines = 100;
/** We never have more than four commands under way. */
const repliesPerChunkMax = 8;
const replyTextMax = 512;

const replyLine = /^([2-5][0-9][0-9])(?:([ -])(.*))?$/s;
const enhancedStatus = /^([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$)/;

/**
 * Turns bytes into replies, whatever the chunks they came in. Bounded in every direction; what breaks the grammar or a
 * bound is a `violation`, after which nothing more is read. Replies completed before it are still given.
 */
export class ReplyParser {
  #partialLine = '';
  #code = 0;
  #lines: string[] = [];
  #sizeBytes = 0;
  #violation: string | null = null;

  get violation(): string | null {
    return this.#violation;
  }

  /** False while a line or a multi-line reply is unfinished. */
  get isBetweenReplies(): boolean {
    return this.#partialLine === '' && this.#lines.length === 0;
  }

  push(chunk: Uint8Array): readonly Reply[] {
    const replies: Reply[] = [];
    if (this.#violation !== null) return replies;
    const input = this.#partialLine + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    let start = 0;
    for (let end = input.indexOf('\n'); end !== -1; end = input.indexOf('\n', start)) {
      const reply = this.#takeLine(input.slice(start, end));
      start = end + 1;
      if (reply !== null) replies.push(reply);
      if (replies.length > repliesPerChunkMax) this.#violation = 'more replies than commands';
      if (this.#violation !== null) return replies;
    }
    this.#partialLine = input.slice(start);
    if (this.#partialLine.length > lineMaxBytes) this.#violation = 'a reply line without end';
    return replies;
  }

  /** `line` without its LF. Returns the reply that it completes. */
  #takeLine(line: string): Reply | null {
    this.#sizeBytes += line.length + 1;
    if (line.length > lineMaxBytes) return this.#refuse('a reply line over 4 KiB');
    if (this.#sizeBytes > replyMaxBytes) return this.#refuse('a reply over 64 KiB');
    if (!line.endsWith('\r')) return this.#refuse('a reply line that does not end in CRLF');
    const match = replyLine.exec(line.slice(0, -1));
    const [, digits, separator, text = ''] = match ?? [];
    if (digits === undefined || text.includes('\r')) return this.#refuse('a line that is no SMTP reply');
    const code = Number(digits);
    if (this.#lines.length > 0 && code !== this.#code) return this.#refuse('a reply whose lines disagree on the code');
    this.#code = code;
    this.#lines.push(text.replaceAll(/[^\x20-\x7e]/g, '?'));
    if (separator !== '-') return this.#finish();
    if (this.#lines.length >= replyMaxLines) return this.#refuse('a reply of more than 100 lines');
    return null;
  }

  #finish(): Reply {
    const lines = this.#lines;
    const enhanced = enhancedStatus.exec(lines[0] ?? '')?.[1] ?? null;
    const reply: Reply = {
      code: this.#code,
      enhanced: enhanced !== null && enhanced[0] === String(this.#code)[0] ? enhanced : null,
      text: lines.join(' ').slice(0, replyTextMax),
      lines,
    };
    this.#lines = [];
    this.#sizeBytes = 0;
    return reply;
  }

  #refuse(violation: string): null {
    this.#violation = violation;
    return null;
  }
}
