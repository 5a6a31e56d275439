import type { Random } from '../chirp/random.ts';

/** Lines that name no account and that a reader must survive. */
export const dirtKinds = [
  'empty',
  'blank',
  'invalid-utf8',
  'nul',
  'utf-16',
  'over-long',
  'bom',
  'hash',
  'sql-dump',
  'no-address',
  'no-password',
  'prose',
] as const;
export type DirtKind = (typeof dirtKinds)[number];

/** Drawn as often as this, all together, beside the one of each kind that every list has. */
export const dirtShare = 0.02;

/** Never drawn by chance: a reader's limit is 64 KiB, so each of these costs as much as thousands of others. */
const drawnDirt = dirtKinds.filter((kind) => kind !== 'over-long');

export function drawDirt(random: Random): DirtKind {
  return random.pick(drawnDirt);
}

const longestLineBytes = 64 * 1024;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

const prose = [
  '# combo list, private, do not share',
  '---------------------------------------',
  'Total: 48812 lines // cleaned',
  '<br><b>Fatal error</b>: Allowed memory size exhausted',
  'USERNAME PASSWORD',
];

function hex(random: Random, digits: number): string {
  let text = '';
  for (let i = 0; i < digits; i += 1) text += random.below(16).toString(16);
  return text;
}

/** The bytes of one line of dirt without its end; they hold neither CR nor LF. `stranger` is an address that is no account's. */
export function makeDirt(kind: DirtKind, stranger: string, random: Random): Buffer {
  switch (kind) {
    case 'empty':
      return Buffer.alloc(0);
    case 'blank':
      return Buffer.from(random.pick([' ', '\t', '    ', ' \t ']));
    case 'invalid-utf8':
      // Latin-1 ü, a lone continuation byte, an overlong slash, half a surrogate.
      return Buffer.concat([
        Buffer.from(`${stranger}:ge`),
        Buffer.from(random.pick([[0xfc], [0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80]])),
        Buffer.from('nther'),
      ]);
    case 'nul':
      return Buffer.from(random.pick([`${stranger}:pass\0word`, `\0\0\0\0${stranger}:abc`, '\0\0\0\0\0\0\0\0']));
    case 'utf-16':
      return Buffer.from(`${stranger}:wide`, 'utf16le');
    case 'over-long':
      return Buffer.from(`${stranger}:${'A'.repeat(longestLineBytes + 1 + random.below(longestLineBytes))}`);
    case 'bom':
      return Buffer.concat([byteOrderMark, Buffer.from(`${stranger}:bommed`)]);
    case 'hash':
      return Buffer.from(`${stranger}:${hex(random, random.pick([32, 40, 64]))}`);
    case 'sql-dump':
      return Buffer.from(
        random.pick([
          `(${random.below(1e6)},'${stranger}','${hex(random, 32)}','2016-05-11 08:14:00',NULL),`,
          `INSERT INTO \`users\` VALUES (${random.below(1e6)},'${stranger}','${hex(random, 32)}',1);`,
        ]),
      );
    case 'no-address':
      return Buffer.from(`dragon${random.below(1000)}:monkey${random.below(1000)}`);
    case 'no-password':
      return Buffer.from(random.pick([`${stranger}:`, stranger, `:${stranger}`]));
    case 'prose':
      return Buffer.from(random.pick(prose));
  }
}
