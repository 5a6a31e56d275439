import { describe, expect, it } from 'vitest';
import { KeyedAddressIndex } from '../../src/adapters/list/keyed-address-index.ts';
import { KeyedHash } from '../../src/adapters/list/keyed-hash.ts';
import { makeListReader } from '../../src/adapters/list/list-reader.ts';
import { collect, streamOf, utf8 } from './support/bytes.ts';

async function hitsOf(comparison: 'ascii-lower' | 'exact', accounts: readonly string[], list: readonly string[]) {
  const reader = makeListReader();
  const index = reader.newAddressIndex(comparison);
  for (const address of accounts) index.add(address);
  const lines = list.map((address) => `${address}:secret`).join('\n');
  const slices = await collect(reader.readCredentials(streamOf(utf8(lines)), index, 0));
  return slices.flatMap((slice) => slice.rows.map((hit) => hit.address));
}

describe('the address index', () => {
  it('hashes as the reference does: HalfSipHash-2-4, key 00..07, input 00 01 02 ...', () => {
    // The empty input's is the first of the reference's vectors; the others are of a separate Python implementation.
    const expected: readonly (readonly [number, string])[] = [
      [0, 'c83cb8b9591f8d21'],
      [1, '157338f8122455be'],
      [4, 'a12ee55b178ae7d5'],
      [7, '84c67bb0282720ff'],
      [22, 'ef76a71bfa0301e2'],
      [63, '876032bf713ca62e'],
    ];
    const hash = new KeyedHash(
      false,
      Uint8Array.from({ length: 8 }, (_, at) => at),
    );
    for (const [length, hex] of expected) {
      expect(hash.hexOf(Uint8Array.from({ length }, (_, at) => at))).toBe(hex);
    }
  });

  it('A-Z and a-z are one where the directory says so, and two where it does not', async () => {
    const list = ['ANN@Example.com', 'ann@example.com', 'bob@example.com'];
    expect(await hitsOf('ascii-lower', ['ann@example.com'], list)).toEqual(['ANN@Example.com', 'ann@example.com']);
    expect(await hitsOf('exact', ['ann@example.com'], list)).toEqual(['ann@example.com']);
  });

  it('a letter that Unicode folds or normalises into another is another letter', async () => {
    const accounts = [
      'kim@example.com',
      'istanbul@example.com',
      'ann@example.com',
      'strasse@example.com',
      'josé@x.com',
    ];
    const lookAlikes = [
      '\u212Aim@example.com', // Kelvin sign
      '\u0130stanbul@example.com', // dotted capital I
      '\u0131stanbul@example.com', // dotless i
      '\uFF41nn@example.com', // fullwidth a
      'ann@example\uFF0Ecom', // fullwidth full stop
      'stra\u00DFe@example.com',
      '\u017Ftrasse@example.com', // long s
      'jose\u0301@x.com', // decomposed
      'JOS\u00C9@x.com', // a capital beyond ASCII is not folded
      'ann@example.com\u200B', // zero width space
    ];
    for (const comparison of ['ascii-lower', 'exact'] as const) {
      expect(await hitsOf(comparison, accounts, lookAlikes)).toEqual([]);
    }
    expect(await hitsOf('ascii-lower', accounts, ['JOSé@X.com'])).toEqual(['JOSé@X.com']);
  });

  it('finds each of 200,000 addresses after growing, and next to nothing else', () => {
    const index = new KeyedAddressIndex('ascii-lower');
    for (let n = 0; n < 200_000; n += 1) index.add(`holder${n}@example.com`);
    index.add('HOLDER7@example.com');
    expect(index.size).toBe(200_000);
    let [found, strangers] = [0, 0];
    for (let n = 0; n < 400_000; n += 1) {
      const bytes = utf8(`holder${n}@example.com`);
      index.hash.update(bytes, 0, bytes.length);
      if (!index.has(index.hash.low, index.hash.high)) continue;
      if (n < 200_000) found += 1;
      else strangers += 1;
    }
    expect([found, strangers]).toEqual([200_000, 0]);
  });
});
