import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { CheckpointLog } from '../../app/ports/checkpoint-log.ts';
import { Failure } from '../../domain/shared/failure.ts';

const newline = 0x0a;
/** The longest tail that is searched for the end of the last whole line; a checkpoint line is far shorter. */
const maxLineBytes = 1_048_576;

/** NDJSON, only ever appended to. A line that a crash cut short is removed before the next one is written. */
export function makeCheckpointFile(path: string): CheckpointLog {
  return {
    async append(line) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a+', 0o600);
      try {
        await removeTornTail(file);
        await file.appendFile(`${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async *lines() {
      const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return null;
        throw cause;
      });
      if (file === null) return;
      const { size } = await file.stat();
      const whole = await wholeBytes(file, size);
      await file.close();
      if (whole === 0) return;
      const input = createReadStream(path, { encoding: 'utf8', end: whole - 1 });
      let number = 0;
      for await (const text of createInterface({ input, crlfDelay: Infinity })) {
        number += 1;
        yield { number, text };
      }
    },
  };
}

async function removeTornTail(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const whole = await wholeBytes(file, size);
  if (whole < size) await file.truncate(whole);
}

/** The size up to and including the last line end. */
async function wholeBytes(file: FileHandle, size: number): Promise<number> {
  const length = Math.min(size, maxLineBytes);
  if (length === 0) return 0;
  const tail = Buffer.alloc(length);
  await file.read(tail, 0, length, size - length);
  const end = tail.lastIndexOf(newline);
  if (end !== -1) return size - length + end + 1;
  if (length === size) return 0;
  throw new Failure(
    'ledger-broken',
    'The checkpoint file ends in a line that no checkpoint is as long as. Keep it, and look at it.',
  );
}
