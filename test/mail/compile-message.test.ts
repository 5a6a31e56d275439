import fc from 'fast-check';
import { simpleParser, type ParsedMail } from 'mailparser';
import { describe, expect, test } from 'vitest';

import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { prepareContent } from '../../src/adapters/mail/wire-content.ts';
import type { MessageTemplate, PersonalPart } from '../../src/app/ports/message-compiler.ts';

const template: MessageTemplate = {
  from: { name: 'Chirp Sicherheit \u00e4', address: 'security@chirp.test' },
  subject:
    'Wir haben Ihr Passwort zur\u00fcckgesetzt \u2014 \u30d1\u30b9\u30ef\u30fc\u30c9\u3092\u518d\u8a2d\u5b9a\u3057\u307e\u3057\u305f',
  text: [
    'Guten Tag,\n\n.wir haben am ',
    { slot: 'when', type: 'text' },
    ' etwas getan. ',
    'Nummer: ',
    { slot: 'number', type: 'ascii' },
    '\n-- \nFrom hier an ein langer Satz, der \u00fcber sechsundsiebzig Zeichen hinausgeht und \u30d1\u30b9\u30ef\u30fc\u30c9 enth\u00e4lt. \n',
    { slot: 'cause', type: 'text' },
  ],
  html: [
    '<!doctype html>\n<p class="x">Am <b>',
    { slot: 'when', type: 'text' },
    '</b>: <a href="https://chirp.test/n/',
    { slot: 'number', type: 'ascii' },
    '">',
    { slot: 'number', type: 'ascii' },
    '</a></p>\n<p>',
    { slot: 'cause', type: 'text' },
    '</p>',
  ],
  headers: { 'Feedback-ID': 'plan81:notice:allclear' },
};

const person: PersonalPart = {
  to: 'holder@example.test',
  messageId: '<0123abcd@chirp.test>',
  date: new Date('2026-03-03T21:14:05Z'),
  noticeNumber: '8F3K-22QD-9PXA-77TR-C',
  slots: { when: '3. M\u00e4rz 2026', number: '8F3K-22QD-9PXA-77TR-C', cause: 'ein Grund' },
};

/** Pieces that have broken mail builders before. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '.',
        '\r\n.\r\n',
        '=',
        '=0A',
        '=\r\n',
        '=?utf-8?q?x?=',
        '<script>alert(1)</script>',
        '&amp;',
        '"',
        "'",
        '--',
        '\r\n--allclear=_',
        'From ',
        '\u202e',
        '\u200f',
        '\u2028',
        '\u0000',
        '\ud83d\ude00',
        '\ud800',
        '\udc00',
        '\u30d1\u30b9',
        ' ',
        '\t',
        'x'.repeat(998),
        '\u00e4'.repeat(400),
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join('').slice(0, 4_000));

test('an independent parser reads back exactly what was meant, whatever the slots hold', async () => {
  const compiled = await compileMessage(template);
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (when, cause) => {
      const bytes = compiled.build({ ...person, slots: { ...person.slots, when, cause } });
      const mail = await simpleParser(Buffer.from(bytes));
      const [seenWhen, seenCause] = [asSeen(when), asSeen(cause)];
      expect(textOf(mail)).toBe(
        withoutLastBreak(
          `Guten Tag,\n\n.wir haben am ${seenWhen} etwas getan. Nummer: ${person.noticeNumber}\n-- \n` +
            `From hier an ein langer Satz, der \u00fcber sechsundsiebzig Zeichen hinausgeht und \u30d1\u30b9\u30ef\u30fc\u30c9 enth\u00e4lt. \n${seenCause}`,
        ),
      );
      expect(mail.html).toBe(
        `<!doctype html>\n<p class="x">Am <b>${inHtml(seenWhen)}</b>: <a href="https://chirp.test/n/${person.noticeNumber}">` +
          `${person.noticeNumber}</a></p>\n<p>${inHtml(seenCause)}</p>`,
      );
      expect(mail.headerLines.map(({ key }) => key)).toEqual(headerKeys);
    }),
    { numRuns: 300 },
  );
});

test('every message is fit for the wire: ASCII, CRLF, short lines, no dot at the beginning of a line', async () => {
  const compiled = await compileMessage(template);
  fc.assert(
    fc.property(hostile, hostile, (when, cause) => {
      const bytes = compiled.build({ ...person, slots: { ...person.slots, when, cause } });
      expect(prepareContent(bytes)).toMatchObject({ isEightBit: false, sizeBytes: bytes.length });
      const lines = Buffer.from(bytes).toString('latin1').split('\r\n');
      for (const line of lines) expect(line).toMatch(/^(?!\.)[\x20-\x7e\t]{0,78}$/);
      expect(lines.filter((line) => line.startsWith('--allclear=_'))).toHaveLength(3);
    }),
    { numRuns: 300 },
  );
});

const headerKeys = [
  'auto-submitted',
  'x-allclear-notice',
  'feedback-id',
  'from',
  'to',
  'subject',
  'message-id',
  'date',
  'mime-version',
  'content-type',
];

test('the headers say who, to whom, what and when, and nothing that tracks', async () => {
  const compiled = await compileMessage(template);
  const mail = await simpleParser(Buffer.from(compiled.build(person)));
  expect(mail.headerLines.map(({ key }) => key)).toEqual(headerKeys);
  expect(mail.from?.value).toEqual([template.from]);
  expect([mail.to].flat().flatMap((to) => to?.value ?? [])).toEqual([{ address: person.to, name: '' }]);
  expect(mail.subject).toBe(template.subject);
  expect(mail.messageId).toBe(person.messageId);
  expect(mail.date).toEqual(person.date);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.headers.get('x-allclear-notice')).toBe(person.noticeNumber);
  expect(mail.headers.get('feedback-id')).toBe('plan81:notice:allclear');
});

test('one person gets the same bytes alone, in any batch, and from another compilation', async () => {
  const first = await compileMessage(template);
  const second = await compileMessage(structuredClone(template));
  const alone = first.build(person);
  for (let count = 0; count < 20; count += 1) {
    second.build({ ...person, to: `other${count}@example.test`, slots: { ...person.slots, cause: `x${count}` } });
  }
  expect(second.build(person)).toEqual(alone);
  expect(first.build(person)).toEqual(alone);
});

test('an address that SMTP carries and RFC 5322 does not is quoted in the header', async () => {
  const compiled = await compileMessage(template);
  const bytes = compiled.build({ ...person, to: 'a..b.@carrier.test' });
  expect(Buffer.from(bytes).toString('latin1')).toContain('\r\nTo: "a..b."@carrier.test\r\n');
});

describe('a message is not built', () => {
  test.each([
    ['to two people', { to: 'a@b.test, c@d.test' }],
    ['to a header of its own', { to: 'a@b.test\r\nBcc: c@d.test' }],
    ['with a Message-ID that breaks out', { messageId: '<a@b>\r\nBcc: c@d.test' }],
    ['with a notice number that breaks out', { noticeNumber: 'x\r\nBcc: c@d.test' }],
    ['without a date', { date: new Date(Number.NaN) }],
    ['without a value for a slot', { slots: { when: 'x', number: 'x' } }],
    ['with markup in an ascii slot', { slots: { ...person.slots, number: '"><script>' } }],
    ['with a book in a slot', { slots: { ...person.slots, cause: 'x'.repeat(4_001) } }],
  ] satisfies [string, Partial<PersonalPart>][])('%s', async (_, part) => {
    const compiled = await compileMessage(template);
    expect(() => compiled.build({ ...person, ...part })).toThrow(expect.objectContaining({ code: 'template-unfit' }));
  });
});

describe('a template is refused', () => {
  test.each([
    ['that lets free text into a tag', { html: ['<a title="', { slot: 'cause', type: 'text' }, '">x</a>'] }],
    ['that sets a structural header', { headers: { Bcc: 'a@b.test' } }],
    ['that sets a header on two lines', { headers: { 'X-Own': 'a\r\nBcc: b@c.test' } }],
    ['whose subject holds a line break', { subject: 'a\r\nBcc: b@c.test' }],
    ['whose sender is no address', { from: { name: 'x', address: 'a@b.test>' } }],
    ['whose subject holds a placeholder', { subject: 'allclear-slot-text-body' }],
  ] satisfies [string, Partial<MessageTemplate>][])('%s', async (_, part) => {
    await expect(compileMessage({ ...template, ...part })).rejects.toMatchObject({ code: 'template-unfit' });
  });
});

/** Written apart from the code under test: one line, whole characters, no bidi control that outlives the slot. */
function asSeen(value: string): string {
  const characters = [...value.replaceAll('\r\n', '\n')].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x2028 || code === 0x2029) return ' ';
    if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
    if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return '';
    return character;
  });
  return characters.join('');
}

function inHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function textOf(mail: ParsedMail): string {
  return withoutLastBreak(mail.text ?? '');
}

/** mailparser may add a line end of its own. */
function withoutLastBreak(text: string): string {
  return text.replace(/\n$/, '');
}
