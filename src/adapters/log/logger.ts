import { writeSync } from 'node:fs';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { messageOf, redact } from './redact.ts';
import { redactText } from './redact-text.ts';

export interface LoggerOptions {
  /** `server`, `worker`: the process that speaks. */
  readonly name: string;
  readonly level: string;
  /** Where lines go; stderr by default, since stdout is for data. */
  readonly destination?: DestinationStream;
}

/** NDJSON on stderr. Passwords, tokens, keys and addresses are masked in fields, messages and errors alike. */
export function makeLogger({ name, level, destination }: LoggerOptions): Logger {
  const logger = pino(
    {
      name,
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { pid: process.pid },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields) as Record<string, unknown>,
        bindings: (bindings) => redact(bindings) as Record<string, unknown>,
      },
      // pino would serialise errors itself, before `log` can cut them.
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(given, method) {
          method.apply(this, withCleanWords(given) as typeof given);
        },
      },
    },
    destination ?? stderr,
  );
  // A child's own fields reach no formatter. Children inherit this from their parent.
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the parent, below
  const makeChild = logger.child;
  logger.child = function child(this: Logger, bindings, options) {
    return makeChild.call(this, redact(bindings) as typeof bindings, options) as never;
  };
  return logger;
}

const stderrFd = 2;
/** A reader that is slow gets this long in all for one line; then the line is lost rather than a halt kept waiting. */
const slowReaderTries = 50;
const slowReaderMs = 10;
const nobody = new Int32Array(new SharedArrayBuffer(4));

/** A log that is full or gone must not end the process that halts, nor fill its memory: what cannot be written is lost. */
const stderr: DestinationStream = {
  write(line) {
    let rest = Buffer.from(line);
    for (let tries = 0; rest.length > 0 && tries < slowReaderTries;) {
      try {
        rest = rest.subarray(writeSync(stderrFd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        tries += 1;
        Atomics.wait(nobody, 0, 0, slowReaderMs);
      }
    }
  },
};

/** Cleans the message and its parts; without a message pino would take that of the error, as it stands. */
function withCleanWords([first, ...rest]: readonly unknown[]): unknown[] {
  const words = rest.map((part) => redact(part));
  if (typeof first === 'string') return [redactText(first), ...words];
  const fields = first instanceof Error ? { err: first } : first;
  const error = typeof fields === 'object' && fields !== null && 'err' in fields ? fields.err : null;
  return error instanceof Error && words.length === 0 ? [fields, redactText(messageOf(error))] : [fields, ...words];
}
