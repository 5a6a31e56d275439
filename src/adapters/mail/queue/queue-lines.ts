/** `queue_id` of Postfix, short or long form: nothing else is ever handed to a command (`ALL` would be every mail). */
const queueIdForm = /^[0-9A-Za-z]{6,30}$/;
/**
 * A mail of ours has one recipient and fills a line of 1 kB. Longer ones are of others, with many recipients: counted
 * without being kept.
 */
const lineMaxBytes = 65_536;
/** About as many as can be listed in the time that it may take; beyond, its depth is not known. */
const linesMax = 200_000;

export interface QueueEntry {
  readonly queueId: string;
  readonly queueName: string;
  readonly sender: string;
}

/**
 * Reads the lines of `postqueue -j` as they come: one JSON object each. `push` and `end` answer why it is none of that,
 * or null. Whatever is not understood spoils the whole, for a part of a queue says nothing about its depth.
 */
export class QueueLines {
  readonly #onEntry: (entry: QueueEntry) => string | null;
  readonly #onLongLine: () => void;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #lines = 0;

  constructor(onEntry: (entry: QueueEntry) => string | null, onLongLine: () => void) {
    this.#onEntry = onEntry;
    this.#onLongLine = onLongLine;
  }

  push(chunk: Buffer): string | null {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end));
      const wrong = this.#take();
      if (wrong !== null) return wrong;
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return null;
  }

  end(): string | null {
    return this.#restBytes === 0 ? null : 'the list of the queue ends in the middle of a line';
  }

  #keep(piece: Buffer): void {
    this.#restBytes += piece.length;
    if (this.#restBytes <= lineMaxBytes) this.#rest.push(piece);
    else this.#rest = [];
  }

  #take(): string | null {
    const isLong = this.#restBytes > lineMaxBytes;
    const line = Buffer.concat(this.#rest).toString('utf8');
    this.#rest = [];
    this.#restBytes = 0;
    this.#lines += 1;
    if (this.#lines > linesMax) return `the queue holds more than ${linesMax} mails`;
    if (isLong) {
      this.#onLongLine();
      return null;
    }
    const entry = readEntry(line);
    return entry === null ? `line ${this.#lines} of the list of the queue is no entry` : this.#onEntry(entry);
  }
}

function readEntry(line: string): QueueEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { queue_id: queueId, queue_name: queueName, sender } = value as Readonly<Record<string, unknown>>;
  if (typeof queueId !== 'string' || typeof queueName !== 'string' || typeof sender !== 'string') return null;
  return queueIdForm.test(queueId) ? { queueId, queueName, sender } : null;
}
