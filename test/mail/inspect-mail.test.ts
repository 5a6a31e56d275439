import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import type { PersonalPart, TemplateText } from '../../src/app/ports/message-compiler.ts';

const from = { name: 'Chirp <help>', address: 'notices@chirp.test' };
const literals = [
  'Geschätzte Leserin, 連絡はhelp@chirp.testまで。\n',
  `${'long line '.repeat(30)}write to help@chirp.test.\n`,
];
const person: PersonalPart = {
  to: 'ada@mail.test',
  messageId: '<plan_1.abc@chirp.test>',
  date: new Date('2026-11-03T04:05:06Z'),
  noticeNumber: '0000-0000-0000-0000-0',
  slots: { name: 'nobody' },
};

async function look(over: Partial<PersonalPart> = {}, html: TemplateText = literals.map((text) => `<p>${text}</p>`)) {
  const built = { ...person, ...over };
  const message = await compileMessage({
    from,
    subject: 'Ihr Passwort – 重要',
    text: [...literals, { slot: 'name', type: 'text' }],
    html,
    headers: {},
  });
  return inspectMail(message.build(built), built.to, [from.address, built.messageId, ...literals]);
}

describe('a look at a finished mail', () => {
  test('finds nothing strange in a mail that holds its own reader, its sender and the approved words', async () => {
    const { sizeBytes, holdsForeignAddress } = await look();
    expect(holdsForeignAddress).toBe(false);
    expect(sizeBytes).toBeGreaterThan(1_000);
  });

  test.each([
    "o'brien+tag@mail.test",
    'jo\u00e9@mail.test',
    'a..b@mail.test',
    'x@b\u00fccher.test',
    '"a"@mail.test',
    'Eve@Mail.Test',
  ])('the reader’s own address is never taken for somebody else’s: %s', async (to) => {
    expect((await look({ to, slots: { name: to } })).holdsForeignAddress).toBe(false);
  });

  test('reading only the lines that hold an @ finds what reading all of them finds, however they are broken', () => {
    const tokens = [
      '@',
      '=40',
      '=4',
      '=',
      '=\r\n',
      '= \t\r\n',
      '\r\n',
      '\n',
      '\r',
      'a',
      'b.c',
      '=41',
      '0',
      '4',
      ' ',
      '=3D',
    ];
    const sign = fc.oneof(fc.constantFrom(...tokens), fc.constantFrom('x@y.test', 'ada@mail.test', 'mail.test', '@y'));
    let foreign = 0;
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 40 }), (parts) => {
        const body = `From: x\r\n\r\n${parts.join('')}\r\n`;
        // Two equals signs in a row have all of it read.
        const [some, all] = [body, `${body}==`].map((text) => inspectMail(Buffer.from(text), 'ada@mail.test', []));
        if (all?.holdsForeignAddress === true) foreign += 1;
        expect(some?.holdsForeignAddress).toBe(all?.holdsForeignAddress);
      }),
      { numRuns: 5_000, seed: 7 },
    );
    expect(foreign).toBeGreaterThan(1_000);
  });

  test.each([
    'earlier@mail.test',
    'x'.repeat(60) + ' and ' + 'earlier@mail.test',
    'xada@mail.test',
    'ada@mail.test.evil',
    '<earlier@mail.test>',
    '連絡earlier@mail.test',
  ])('somebody else’s address is found wherever it stands: %s', async (name) => {
    expect((await look({ slots: { name } })).holdsForeignAddress).toBe(true);
  });

  test('an address in the HTML alone is found, escaped or split by a soft line break', async () => {
    const html = [`<p>${'word '.repeat(13)}`, { slot: 'name', type: 'text' } as const, '</p>'];
    for (let pad = 0; pad < 30; pad += 1) {
      const name = `${'.'.repeat(pad)} o'earlier@mail.test`;
      expect((await look({ slots: { name } }, html)).holdsForeignAddress).toBe(true);
    }
  });

  test('the length of its reader’s address makes no difference to its size', async () => {
    const [short, long] = [await look(), await look({ to: `${'a'.repeat(60)}@${'long.'.repeat(20)}mail.test` })];
    expect(long.sizeBytes).toBe(short.sizeBytes);
  });

  test('a second recipient in a header is found', () => {
    const raw = Buffer.from('To: ada@mail.test\r\nCc: bob@mail.test\r\n\r\nhello\r\n');
    expect(inspectMail(raw, 'ada@mail.test', []).holdsForeignAddress).toBe(true);
    expect(inspectMail(raw, 'ada@mail.test', ['bob@mail.test']).holdsForeignAddress).toBe(false);
  });

  test('however a body is encoded and broken into lines, no address in it is overlooked', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '=40',
        '@',
        '=',
        '4',
        '0',
        '=\r\n',
        '= \t\r\n',
        '\r\n',
        '=3D',
        '=E3',
        '=c',
        'a',
        'bob',
        '.',
        '-',
        'Z',
        ' ',
      ),
      { minLength: 1, maxLength: 40 },
    );
    let found = 0;
    fc.assert(
      fc.property(pieces, (body) => {
        const text = body.join('');
        const raw = Buffer.from(`To: ada@mail.test\r\n\r\n${text}\r\n`, 'latin1');
        const holds = foreignByPatterns(text);
        found += holds ? 1 : 0;
        expect(inspectMail(raw, 'ada@mail.test', []).holdsForeignAddress).toBe(holds);
      }),
      { numRuns: 5_000, seed: 4 },
    );
    expect(found).toBeGreaterThan(300);
  });

  test('approved words that were read once serve the next mail, and no other words do', () => {
    const raw = Buffer.from('To: ada@mail.test\r\n\r\nwrite to help@chirp.test or bob@mail.test\r\n');
    const approved = ['write to help@chirp.test', 'or bob@mail.test'];
    for (let again = 0; again < 2; again += 1) {
      expect(inspectMail(raw, 'ada@mail.test', [], approved).holdsForeignAddress).toBe(false);
      expect(inspectMail(raw, 'ada@mail.test', [], approved.slice(0, 1)).holdsForeignAddress).toBe(true);
    }
  });
});

/** The same question by three replacements over the whole text, one after another (RFC 2045 6.7). */
function foreignByPatterns(text: string): boolean {
  const plain = `\r\n\r\n${text}\r\n`
    .replaceAll(/=[ \t]*\r\n/g, '')
    .replaceAll(/=[89A-F][0-9A-F]/gi, ' ')
    .replaceAll(/=([0-7][0-9A-F])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]@[A-Za-z0-9]/.test(plain);
}
