import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineFaults, maxLineBytes, splitLines } from '../../src/adapters/list/split-lines.ts';
import { streamOf, utf8 } from './support/bytes.ts';

interface ReadLines {
  readonly lines: readonly string[];
  readonly lastMark: { lines: number; bytes: number; prefixDigest: string } | null;
}

/** Each line as text, or its fault in angle brackets. */
async function readLines(bytes: Uint8Array, chunks?: readonly number[], cutAfterLine = 0): Promise<ReadLines> {
  const lines: string[] = [];
  let lastMark: ReadLines['lastMark'] = null;
  for await (const block of splitLines(streamOf(bytes, chunks), cutAfterLine)) {
    expect(block.firstLine).toBe(lines.length + 1);
    for (let line = 0; line < block.count; line += 1) {
      const fault = block.faults[line] as number;
      const text = Buffer.from(block.bytes).toString('latin1', block.starts[line], block.ends[line]);
      lines.push(fault === 0 ? text : `<${lineFaults[fault - 1]}>`);
    }
    lastMark = block.mark();
  }
  return { lines, lastMark };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('lines of a list', () => {
  it.each([
    ['a\nb\nc', ['a', 'b', 'c']],
    ['a\r\nb\r\nc\r\n', ['a', 'b', 'c']],
    ['a\rb\rc\r', ['a', 'b', 'c']],
    ['a\r\r\nb\n\rc', ['a', '', 'b', '', 'c']],
    ['\n', ['']],
    ['', []],
    ['\ufeffa\n\ufeffb', ['a', '\xef\xbb\xbfb']],
    ['a\0b\nc', ['<nul>', 'c']],
  ])('%j is cut as an editor would, whatever its line ends', async (text, expected) => {
    expect((await readLines(utf8(text))).lines).toEqual(expected);
  });

  it('a line that is no UTF-8 is refused, and its neighbours are not', async () => {
    const bytes = Buffer.concat([utf8('før\n'), Buffer.from([0x61, 0xff, 0x0a]), utf8('efter')]);
    expect((await readLines(bytes)).lines.map((line) => line.length)).toEqual([4, 14, 5]);
  });

  it('a line at the limit is read, one byte more is refused, and the next line is read again', async () => {
    const fits = 'x'.repeat(maxLineBytes);
    const text = `${fits}\r\n${fits}y\r\nshort\r\n${'z'.repeat(5 * maxLineBytes)}`;
    for (const chunks of [[text.length], [65_537], [1_000, 70_000], [maxLineBytes + 1, 1]]) {
      expect((await readLines(utf8(text), chunks)).lines).toEqual([fits, '<too-long>', 'short', '<too-long>']);
    }
  });

  it('the same bytes give the same lines, marks and digest however they arrive', async () => {
    const byte = fc.constantFrom(0x0a, 0x0d, 0x61, 0x62, 0x3a, 0x00, 0xc3, 0xa9, 0xef);
    await fc.assert(
      fc.asyncProperty(
        fc
          .uint8Array({ max: 255, maxLength: 300 })
          .chain((seed) =>
            fc.array(byte, { minLength: seed.length, maxLength: 400 }).map((all) => Uint8Array.from(all)),
          ),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 20 }),
        async (bytes, chunks, cut) => {
          const whole = await readLines(bytes);
          const pieces = await readLines(bytes, chunks, cut);
          expect(pieces).toEqual(whole);
          if (whole.lastMark !== null) {
            expect(whole.lastMark).toEqual({
              lines: whole.lines.length,
              bytes: bytes.length,
              prefixDigest: sha256(bytes),
            });
          }
        },
      ),
      { seed: 20140303, numRuns: 300 },
    );
  });

  it('a block ends at the line to which an interrupted import had come', async () => {
    const marks = [];
    const bytes = utf8('one\r\ntwo\rthree\nfour');
    for await (const block of splitLines(streamOf(bytes), 2)) marks.push(block.mark());
    expect(marks.map(({ lines }) => lines)).toEqual([2, 3, 4]);
    expect(marks[0]).toEqual({ lines: 2, bytes: 9, prefixDigest: sha256(bytes.slice(0, 9)) });
  });
});
