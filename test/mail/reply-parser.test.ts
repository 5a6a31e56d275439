import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ReplyParser } from '../../src/adapters/mail/smtp/reply-parser.ts';

test('replies are the same whatever pieces they came in', () => {
  const lines = fc.constantFrom(
    '250 2.0.0 Ok\r\n',
    '250-a\r\n250 b\r\n',
    '354\r\n',
    '550 5.1.1 no\r\n',
    '421 \x80\r\n',
  );
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 6 }), fc.array(fc.nat(80), { maxLength: 10 }), (replies, cuts) => {
      const input = Buffer.from(replies.join(''), 'latin1');
      const whole = new ReplyParser();
      const expected = whole.push(input);
      const parser = new ReplyParser();
      const borders = [0, ...cuts.sort((a, b) => a - b), input.length];
      const got = borders.flatMap((border, index) =>
        parser.push(input.subarray(border, borders[index + 1] ?? input.length)),
      );
      expect(got).toEqual(expected);
      expect(parser.violation).toBeNull();
      expect(parser.isBetweenReplies).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('no input makes the parser throw, hold more than its bounds, or read on after a violation', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
      const parser = new ReplyParser();
      for (const chunk of chunks) {
        const wasBroken = parser.violation !== null;
        const replies = parser.push(chunk);
        if (wasBroken) expect(replies).toEqual([]);
        for (const reply of replies) expect(reply.text).toMatch(/^[\x20-\x7e]{0,512}$/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a line without end', 'x'.repeat(4_097)],
  ['a line over 4 KiB', `250 ${'x'.repeat(4_100)}\r\n`],
  ['more than 100 lines', '250-x\r\n'.repeat(100)],
  ['more than 64 KiB', `250-${'x'.repeat(4_000)}\r\n`.repeat(17)],
  ['a flood of replies', '250 x\r\n'.repeat(9)],
  ['codes that disagree', '250-x\r\n251 y\r\n'],
  ['a bare LF', '250 x\n'],
  ['a bare CR', '250 x\ry\r\n'],
  ['a code out of range', '199 x\r\n'],
  ['no code', 'hello\r\n'],
  ['no separator', '250x\r\n'],
])('%s is a violation', (_, input) => {
  const parser = new ReplyParser();
  parser.push(Buffer.from(input, 'latin1'));
  expect(parser.violation).not.toBeNull();
});
