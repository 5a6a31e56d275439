import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeContent, sampleMails, standardContentLimits } from '../../src/domain/guardrail/judge-content.ts';
import type { MailLook } from '../../src/domain/guardrail/judge-content.ts';

const english = 'notice en password-reset-by-us';
const mail = (ordinal: number, over: Partial<MailLook> = {}): MailLook => ({
  variant: english,
  sizeBytes: 6_000 + (ordinal % 40),
  holdsForeignAddress: false,
  ...over,
});
const judge = (...mails: readonly MailLook[]) => judgeContent(sampleMails(mails));

describe('the content check', () => {
  test('a wave of like mails goes on', () => {
    expect(judge(mail(0), mail(1), mail(30))).toEqual({ kind: 'pass', compared: 2 });
  });

  test('one mail with an address of somebody else fails the wave, however many are right', () => {
    const right = Array.from({ length: 500 }, (_, ordinal) => mail(ordinal));
    expect(judge(...right, mail(2, { holdsForeignAddress: true }))).toEqual({
      kind: 'fail',
      reason: 'foreign-address',
      mails: 1,
    });
  });

  test('a body that grows from mail to mail fails the wave, in whatever order its permits are settled', () => {
    const grown = [3, 0, 2, 1].map((ordinal) => mail(ordinal, { sizeBytes: 6_000 + ordinal * 200 }));
    expect(judge(...grown)).toEqual({ kind: 'fail', reason: 'size-drift', bytes: 600 });
  });

  test('mails of different languages are not compared with each other', () => {
    const japanese = mail(1, { variant: 'notice ja password-reset-by-us', sizeBytes: 11_000 });
    expect(judge(mail(0), japanese, mail(2)).kind).toBe('pass');
  });

  test('a single mail is no comparison and so no pass', () => {
    expect(judge(mail(0)).kind).toBe('inconclusive');
    expect(judge().kind).toBe('inconclusive');
  });

  test('samples of parts say what a sample of the whole says', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            variant: fc.constantFrom('a', 'b'),
            sizeBytes: fc.nat(9_000),
            holdsForeignAddress: fc.boolean(),
          }),
        ),
        (looks) => {
          const samples = sampleMails(looks);
          expect(samples.reduce((sum, sample) => sum + sample.mails, 0)).toBe(looks.length);
          const fails =
            looks.some((look) => look.holdsForeignAddress) ||
            looks.some((one) =>
              looks.some(
                (other) =>
                  other.variant === one.variant &&
                  other.sizeBytes - one.sizeBytes > standardContentLimits.sizeDriftBytesMax,
              ),
            );
          expect(judgeContent(samples).kind === 'fail').toBe(fails);
        },
      ),
    );
  });
});
