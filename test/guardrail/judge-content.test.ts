import { describe, expect, test } from 'vitest';
import { judgeContent, standardSizeDriftBytes, type MailSample } from '../../src/domain/guardrail/judge-content.ts';

const limits = { ownAddresses: ['notices@chirp.test', 'help@chirp.test'], sizeDriftBytesMax: standardSizeDriftBytes };
const mail = (ordinal: number, over: Partial<MailSample> = {}): MailSample => ({
  ordinal,
  variant: 'password-reset v1 notice en',
  sizeBytes: 6_000 + (ordinal % 40),
  addresses: ['notices@chirp.test', 'help@chirp.test', `p${ordinal}@mail.test`],
  recipient: `p${ordinal}@mail.test`,
  ...over,
});

describe('the content check', () => {
  test('a wave of like mails goes on', () => {
    expect(judgeContent([mail(0), mail(1), mail(30)], limits)).toEqual({ kind: 'pass', compared: 2 });
  });

  test("a mail that holds an earlier recipient's address fails the wave", () => {
    const leaking = mail(2, { addresses: ['notices@chirp.test', 'p1@mail.test', 'p2@mail.test'] });
    expect(judgeContent([mail(0), mail(1), leaking], limits)).toEqual({
      kind: 'fail',
      reason: 'foreign-address',
      ordinal: 2,
    });
  });

  test('a body that grows from mail to mail fails the wave', () => {
    const grown = [0, 1, 2, 3].map((ordinal) => mail(ordinal, { sizeBytes: 6_000 + ordinal * 200 }));
    expect(judgeContent(grown, limits)).toEqual({ kind: 'fail', reason: 'size-drift', ordinal: 3 });
  });

  test('mails of different languages are not compared with each other', () => {
    const japanese = mail(1, { variant: 'password-reset v1 notice ja', sizeBytes: 11_000 });
    expect(judgeContent([mail(0), japanese, mail(2)], limits).kind).toBe('pass');
  });

  test('a single mail is no comparison and so no pass', () => {
    expect(judgeContent([mail(0)], limits).kind).toBe('inconclusive');
    expect(judgeContent([], limits).kind).toBe('inconclusive');
  });
});
