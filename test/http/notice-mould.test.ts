import { describe, expect, it } from 'vitest';
import { parseNoticeNumber } from '../../src/domain/notice/notice-number.ts';
import { makeNoticeMould } from '../../src/http/public/notice-mould.ts';
import { noticePage } from '../../src/http/public/notice-page.ts';
import { pageLanguages } from '../../src/http/public/page-language.ts';

const numbers = ['7K3M-9QXA-4DTR-V0WE', 'BCWC-6NXR-M3CJ-6WN7-W'].map((text) => parseNoticeNumber(text));

describe('the page of a notice that was rendered before', () => {
  it('is, but for the blanks that lines begin with, the page of this number, in every language, for whichever service it is', async () => {
    const mould = makeNoticeMould();
    const number = numbers.find((one) => one !== null) ?? null;
    expect(number).not.toBeNull();
    for (const service of ['Chirp', 'Café <b>“Ü”</b> & 日本', 'Chirp'])
      for (const recoveryUrl of [null, 'https://chirp.example/forgot?a=1&b=2'])
        for (const language of pageLanguages)
          for (const asked of [null, number, null, number]) {
            const reader = { language, service, recoveryUrl, isRecoveryHosted: false };
            const page = (await noticePage(reader, asked)).toString().replaceAll(/\n\s+/g, '\n');
            expect(Buffer.from(await mould.page(reader, asked), 'latin1').toString('utf8')).toBe(page);
            expect(Buffer.from(mould.pageAtHand(reader, asked) ?? '', 'latin1').toString('utf8')).toBe(page);
          }
  });
});
