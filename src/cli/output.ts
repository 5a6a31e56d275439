import { cleanText } from './clean-text.ts';

/** The part of a terminal or a pipe that is written to. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

export interface OutputFlags {
  readonly json: boolean;
  readonly ndjson: boolean;
  readonly quiet: boolean;
}

/** Where nobody watches a line that rewrites itself, one plain line in this time is enough for a log. */
const plainProgressMs = 2_000;

/**
 * Data to stdout, talk to stderr. Every line passes the terminal's escaper here, once: whatever came from a list, a
 * directory or the server cannot move the cursor. Colour is not used at all.
 */
export class Output {
  readonly flags: OutputFlags;
  private readonly stdout: TextSink;
  private readonly stderr: TextSink;
  private hasProgressLine = false;
  private lastPlainMs = Number.NEGATIVE_INFINITY;
  private painted = 0;

  constructor(stdout: TextSink, stderr: TextSink, flags: OutputFlags) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.flags = flags;
  }

  /** The answer of a command: one JSON document, or lines for a person. */
  data(value: unknown, lines: () => readonly string[]): void {
    this.endProgress();
    if (this.flags.ndjson) this.stdout.write(`${JSON.stringify(value)}\n`);
    else if (this.flags.json) this.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else this.writeLines(this.stdout, lines());
  }

  /** One line of a stream, as it is. */
  line(value: unknown): void {
    this.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Words beside the data; silent with -q. */
  talk(...lines: readonly string[]): void {
    if (this.flags.quiet) return;
    this.endProgress();
    this.writeLines(this.stderr, lines);
  }

  /** What must be seen, also with -q. */
  complain(...lines: readonly string[]): void {
    this.endProgress();
    this.writeLines(this.stderr, lines);
  }

  /** Where long work stands: one line that rewrites itself on a terminal, else a plain line now and then. */
  progress(text: string): void {
    if (this.flags.quiet) return;
    if (this.stderr.isTTY === true) {
      this.stderr.write(`\r\u001b[2K${cleanText(text)}`);
      this.hasProgressLine = true;
      return;
    }
    const nowMs = performance.now();
    if (nowMs - this.lastPlainMs < plainProgressMs) return;
    this.lastPlainMs = nowMs;
    this.writeLines(this.stderr, [text]);
  }

  /** Lines in place of those that were painted before, where stdout is a terminal; else they are written below. */
  repaint(lines: readonly string[]): void {
    if (this.stdout.isTTY === true && this.painted > 0) this.stdout.write(`\u001b[${this.painted}A\u001b[0J`);
    this.writeLines(this.stdout, lines);
    this.painted = lines.length;
  }

  get repaints(): boolean {
    return this.stdout.isTTY === true;
  }

  private endProgress(): void {
    if (!this.hasProgressLine) return;
    this.stderr.write('\n');
    this.hasProgressLine = false;
  }

  private writeLines(sink: TextSink, lines: readonly string[]): void {
    if (lines.length > 0) sink.write(`${lines.map(cleanText).join('\n')}\n`);
  }
}
