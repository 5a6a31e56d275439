import { createHash } from 'node:crypto';
import type {
  AccountRow,
  AddressIndex,
  CredentialHit,
  ListHead,
  ListReader,
  ListSlice,
} from '../../app/ports/list-reader.ts';
import type { RefusalCounts } from '../../domain/evidence/refusal.ts';
import type { Digest } from '../../domain/shared/ids.ts';
import type { AccountRowParser } from './account-row-parser.ts';
import { makeObservedParser, makeReportedParser } from './account-row-parser.ts';
import { BlockMatcher } from './block-matcher.ts';
import { KeyedAddressIndex } from './keyed-address-index.ts';
import { lineFaults, splitLines } from './split-lines.ts';
import type { LineBlock } from './split-lines.ts';

/** Two lists that agree in this much begin with the same hundred thousand lines. It is held in memory while it is read. */
const headBytes = 4 * 1024 * 1024;

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export function makeListReader(): ListReader {
  return {
    readHead,
    async *readMarks(stream) {
      for await (const block of splitLines(stream)) yield block.mark();
    },
    newAddressIndex: (comparison) => new KeyedAddressIndex(comparison),
    readCredentials,
    readObserved: (stream, cutAfterLine) => readAccountRows(stream, cutAfterLine, makeObservedParser()),
    readReported: (stream, cutAfterLine) => readAccountRows(stream, cutAfterLine, makeReportedParser()),
  };
}

async function readHead(stream: AsyncIterable<Uint8Array>): Promise<ListHead> {
  const rest = stream[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  const hash = createHash('sha256');
  let size = 0;
  while (size < headBytes) {
    const next = await rest.next();
    if (next.done === true) break;
    hash.update(next.value.subarray(0, headBytes - size));
    size += next.value.length;
    head.push(next.value);
  }
  const whole: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => whole,
    async next() {
      const chunk = head.shift();
      return chunk === undefined ? rest.next() : { done: false, value: chunk };
    },
    async return() {
      await rest.return?.();
      return { done: true, value: undefined };
    },
  };
  const isEmpty = size === 0 || (size === byteOrderMark.length && Buffer.concat(head).equals(byteOrderMark));
  return { headDigest: hash.digest('hex') as Digest, isEmpty, stream: whole };
}

async function* readCredentials(
  stream: AsyncIterable<Uint8Array>,
  index: AddressIndex,
  cutAfterLine: number,
): AsyncGenerator<ListSlice<CredentialHit>> {
  if (!(index instanceof KeyedAddressIndex)) throw new Error('an address index of another reader');
  const matcher = new BlockMatcher(index);
  for await (const block of splitLines(stream, cutAfterLine)) yield matcher.match(block);
}

async function* readAccountRows(
  stream: AsyncIterable<Uint8Array>,
  cutAfterLine: number,
  parse: AccountRowParser,
): AsyncGenerator<ListSlice<AccountRow>> {
  for await (const block of splitLines(stream, cutAfterLine)) yield readRowsOfBlock(block, parse);
}

function readRowsOfBlock(block: LineBlock, parse: AccountRowParser): ListSlice<AccountRow> {
  const rows: AccountRow[] = [];
  let refused: RefusalCounts = {};
  const text = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength);
  for (let line = 0; line < block.count; line += 1) {
    const fault = block.faults[line] as number;
    const row =
      fault === 0 ? parse(text.toString('utf8', block.starts[line], block.ends[line])) : lineFaults[fault - 1];
    if (row === undefined) continue;
    if (typeof row === 'string') refused = { ...refused, [row]: (refused[row] ?? 0) + 1 };
    else rows.push({ line: block.firstLine + line, ...row });
  }
  return { rows, accepted: rows.length, refused, mark: block.mark() };
}
