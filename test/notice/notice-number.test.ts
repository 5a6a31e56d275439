import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noticeNumberOf, parseNoticeNumber } from '../../src/domain/notice/notice-number.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function replaced(text: string, at: number, symbol: string): string {
  return text.slice(0, at) + symbol + text.slice(at + 1);
}

describe('notice numbers', () => {
  test('different inputs get different numbers of one constant shape', () => {
    fc.assert(
      fc.property(bytes, bytes, (left, right) => {
        const number = noticeNumberOf(left);
        expect(number).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]$/);
        expect(number === noticeNumberOf(right)).toBe(Buffer.from(left).equals(Buffer.from(right)));
      }),
      { seed: 2014, numRuns: 500 },
    );
  });

  test('a number is understood however a person types it', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const number = noticeNumberOf(input);
        const typed = [
          number.toLowerCase(),
          number.replaceAll('-', ''),
          number.replaceAll('-', ' '),
          number.replaceAll('-', ' \u2013 '),
          `  ${number}\n`,
          number.replaceAll('1', 'l').replaceAll('0', 'o'),
          number.replaceAll('1', 'I').replaceAll('0', 'O'),
          Array.from(number, (c) => (c === '-' ? '\u30fc' : String.fromCharCode(c.charCodeAt(0) + 0xfee0))).join(''),
        ];
        for (const text of typed) expect(parseNoticeNumber(text)).toBe(number);
      }),
      { seed: 2014, numRuns: 200 },
    );
  });

  test('a number is found in the line or the link that a person copied whole: they are not told that their mail is false', () => {
    const number = noticeNumberOf(Uint8Array.from([3, 14, 15, 92, 65, 35, 89, 79, 32, 38]));
    for (const text of [
      `Notice number: ${number}`,
      `Nummer dieser Nachricht: ${number}.`,
      `https://account-security.a-service-with-a-long-name.example.com/account/security/notices/${number}`,
      `https://a.example/notices/${number}?lang=de`,
      `(${number.toLowerCase()})`,
      `This code here ${number.replaceAll('-', ' ')}`,
      number.replaceAll('-', '. '),
      `お知らせの番号: ${number}`,
    ])
      expect(parseNoticeNumber(text)).toBe(number);
    expect(parseNoticeNumber(`Notice number: ${replaced(number, 0, number.startsWith('Z') ? 'Y' : 'Z')}`)).toBeNull();
    expect(parseNoticeNumber(`x${number}`)).toBeNull();
  });

  test('one wrong symbol is always noticed', () => {
    const number = noticeNumberOf(Uint8Array.from([3, 14, 15, 92, 65, 35, 89, 79, 32, 38]));
    for (const [at, right] of Array.from(number).entries()) {
      if (right === '-') continue;
      for (const wrong of symbols) {
        if (wrong !== right) expect(parseNoticeNumber(replaced(number, at, wrong))).toBeNull();
      }
    }
  });

  test('two exchanged symbols are always noticed', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 16 }), fc.nat({ max: 16 }), (input, left, right) => {
        const compact = noticeNumberOf(input).replaceAll('-', '');
        const [a, b] = [compact.charAt(left), compact.charAt(right)];
        if (a !== b) expect(parseNoticeNumber(replaced(replaced(compact, left, b), right, a))).toBeNull();
      }),
      { seed: 2014, numRuns: 1_000 },
    );
  });

  test('other text is not read as a number', () => {
    for (const text of [
      '',
      '0000',
      'U'.repeat(17),
      '0'.repeat(18),
      ' '.repeat(1_000_000),
      'ABCD-EFGH-JKMN-PQRS-*',
      '💥',
    ]) {
      expect(parseNoticeNumber(text)).toBeNull();
    }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 70 }), (points) => {
        const text = String.fromCodePoint(...points);
        const read = parseNoticeNumber(text);
        expect(read === null || parseNoticeNumber(read) === read).toBe(true);
      }),
      { seed: 2014 },
    );
  });

  test('a number is made of exactly 80 bits', () => {
    expect(() => noticeNumberOf(new Uint8Array(9))).toThrow();
    expect(() => noticeNumberOf(new Uint8Array(11))).toThrow();
  });
});
