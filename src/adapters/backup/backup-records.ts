import { Failure } from '../../domain/shared/failure.ts';
import { frameBytes } from './sealed-file.ts';

/** Inside the sealed file: records, each one byte of kind, four of length, and that many bytes. */
const wordKind = 0x4a;
const dataKind = 0x44;
const headBytes = 5;
/** A table list of any version is a few dozen kilobytes. */
const maxWordBytes = 4_194_304;

export type BackupRecord =
  | { readonly kind: 'word'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'data'; readonly bytes: Buffer };

export function encodeWord(value: object): Buffer {
  return record(wordKind, Buffer.from(JSON.stringify(value), 'utf8'));
}

/** Data in pieces that a reader holds one at a time. */
export function* encodeData(bytes: Uint8Array): Iterable<Buffer> {
  for (let start = 0; start < bytes.length; start += frameBytes)
    yield record(dataKind, Buffer.from(bytes.subarray(start, start + frameBytes)));
}

function record(kind: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head[0] = kind;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Records out of proved frames; memory holds one record. `Failure('backup-unreadable')`. */
export async function* decodeRecords(frames: AsyncIterable<Buffer>): AsyncIterable<BackupRecord> {
  let waiting = Buffer.alloc(0);
  for await (const frame of frames) {
    waiting = Buffer.concat([waiting, frame]);
    for (;;) {
      if (waiting.length < headBytes) break;
      const kind = waiting[0];
      const length = waiting.readUInt32BE(1);
      if (length > (kind === wordKind ? maxWordBytes : frameBytes)) throw unreadable();
      if (waiting.length < headBytes + length) break;
      const bytes = waiting.subarray(headBytes, headBytes + length);
      waiting = waiting.subarray(headBytes + length);
      if (kind === dataKind) yield { kind: 'data', bytes };
      else if (kind === wordKind) yield { kind: 'word', value: parseWord(bytes) };
      else throw unreadable();
    }
  }
  if (waiting.length > 0) throw unreadable();
}

function parseWord(bytes: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (typeof value !== 'object' || value === null) throw unreadable();
  return value as Readonly<Record<string, unknown>>;
}

function unreadable(): Failure {
  return new Failure('backup-unreadable', 'The backup holds something that this version does not know.');
}
