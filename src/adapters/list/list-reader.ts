import { createHash, randomBytes } from 'node:crypto';
import type {
  AccountRow,
  AddressIndex,
  CredentialHit,
  ListHead,
  ListReader,
  ListSlice,
} from '../../app/ports/list-reader.ts';
import type { RefusalCounts, RefusalReason } from '../../domain/evidence/refusal.ts';
import type { Digest } from '../../domain/shared/ids.ts';
import type { AccountRowParser } from './account-row-parser.ts';
import { makeObservedParser, makeReportedParser } from './account-row-parser.ts';
import { CredentialParser } from './credential-parser.ts';
import { KeyedAddressIndex } from './keyed-address-index.ts';
import { KeyedHash } from './keyed-hash.ts';
import { textOfCredential } from './parse-credential-line.ts';
import { lineFaults, maxBlockLines, splitLines } from './split-lines.ts';
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
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = head.shift();
        if (chunk === undefined) break;
        yield chunk;
      }
      for (;;) {
        const next = await rest.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await rest.return?.();
    }
  }
  const isEmpty = size === 0 || (size === byteOrderMark.length && Buffer.concat(head).equals(byteOrderMark));
  return { headDigest: hash.digest('hex') as Digest, isEmpty, stream: whole() };
}

/** Where the credential of each line of a block lies, for the second pass. */
interface Found {
  addressStart: number;
  addressEnd: number;
  passwordStart: number;
  passwordEnd: number;
  passwordHasDoubledQuotes: boolean;
}

/**
 * Two passes over each block, first parsing and hashing, then probing: at ten million accounts each probe misses the
 * cache, and misses that do not depend on each other overlap.
 */
async function* readCredentials(
  stream: AsyncIterable<Uint8Array>,
  index: AddressIndex,
  cutAfterLine: number,
): AsyncGenerator<ListSlice<CredentialHit>> {
  if (!(index instanceof KeyedAddressIndex)) throw new Error('an address index of another reader');
  const parser = new CredentialParser();
  const passwords = new KeyedHash(false, randomBytes(8));
  const lows = new Int32Array(maxBlockLines);
  const highs = new Int32Array(maxBlockLines);
  const found: Found[] = Array.from({ length: maxBlockLines }, () => ({
    addressStart: 0,
    addressEnd: 0,
    passwordStart: 0,
    passwordEnd: 0,
    passwordHasDoubledQuotes: false,
  }));
  const lineOf = new Float64Array(maxBlockLines);
  for await (const block of splitLines(stream, cutAfterLine)) {
    const refused: Partial<Record<RefusalReason, number>> = {};
    let accepted = 0;
    for (let line = 0; line < block.count; line += 1) {
      const fault = block.faults[line] as number;
      const reason =
        fault === 0
          ? parser.parse(block.bytes, block.starts[line] as number, block.ends[line] as number)
          : (lineFaults[fault - 1] as RefusalReason);
      if (reason !== null) {
        refused[reason] = (refused[reason] ?? 0) + 1;
        continue;
      }
      const place = found[accepted] as Found;
      place.addressStart = parser.addressStart;
      place.addressEnd = parser.addressEnd;
      place.passwordStart = parser.passwordStart;
      place.passwordEnd = parser.passwordEnd;
      place.passwordHasDoubledQuotes = parser.passwordHasDoubledQuotes;
      index.hash.update(block.bytes, parser.addressStart, parser.addressEnd);
      lows[accepted] = index.hash.low;
      highs[accepted] = index.hash.high;
      lineOf[accepted] = block.firstLine + line;
      accepted += 1;
    }
    const rows: CredentialHit[] = [];
    for (let at = 0; at < accepted; at += 1) {
      if (!index.has(lows[at] as number, highs[at] as number)) continue;
      const { address, password } = textOfCredential(found[at] as Found, block.bytes);
      const fingerprint = passwords.hexOf(Buffer.from(password, 'utf8'));
      rows.push({ line: lineOf[at] as number, address, password, fingerprint });
    }
    yield { rows, accepted, refused, mark: block.mark() };
  }
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
