import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { makeListReader } from '../../src/adapters/list/list-reader.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Lines of every form, one in a hundred about an account of ours. */
async function* dirtyList(lines: number) {
  const chunkLines = 2_000;
  for (let from = 0; from < lines; from += chunkLines) {
    let text = '';
    for (let n = from; n < from + chunkLines; n += 1) {
      if (n % 100 === 0) text += `holder${n % 1_000}@example.com:secret-${n}\r\n`;
      else if (n % 7 === 0) text += `https://shop.example/login:stranger${n}@example.net:pw${n}\n`;
      else if (n % 11 === 0) text += `no address here ${n}\r`;
      else text += `stranger${n}@example.net;hunter${n}\n`;
    }
    yield Buffer.from(text);
  }
}

function heldBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('memory of an import', () => {
  it('does not grow with the lines of the list', async () => {
    const reader = makeListReader();
    const index = reader.newAddressIndex('ascii-lower');
    for (let n = 0; n < 1_000; n += 1) index.add(`holder${n}@example.com`);
    const lines = 2_000_000;
    let [hits, early, late, read] = [0, 0, 0, 0];
    for await (const slice of reader.readCredentials(dirtyList(lines), index, 0)) {
      hits += slice.rows.length;
      read = slice.mark.lines;
      if (early === 0 && read >= 200_000) early = heldBytes();
      if (late === 0 && read >= 1_900_000) late = heldBytes();
    }
    expect([read, hits]).toEqual([lines, lines / 100]);
    // Ten times the lines; a reader that kept even two bytes of each would be past this.
    expect(late - early).toBeLessThan(4 * 1024 * 1024);
  });
});
