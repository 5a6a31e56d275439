import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { compileNotice } from '../../src/app/notice/compile-notice.ts';
import { makeNoticeComposer, type ComposedNotice, type ComposeNotice } from '../../src/app/notice/compose-notice.ts';
import { renderNotice } from '../support/render-notice.ts';
import { noticeNumberOf } from '../../src/domain/notice/notice-number.ts';
import type { PersonFacts } from '../../src/domain/notice/person-facts.ts';
import type { PairedTemplate } from '../../src/domain/notice/pair-template-with-action.ts';
import type { TemplateKind } from '../../src/domain/notice/template.ts';
import { checkNotice, type PersonTruth } from '../support/notice-checker.ts';
import type { Meaning } from '../support/notice-sentinels.ts';
import { containedAt, earlierNoticeIn, evidenceOf, factsOf, receiptOf } from '../support/person-facts.ts';
import { readPasswordReset } from '../support/shipped-templates.ts';

const constants = { 'service-name': 'Chirp', 'support-contact': 'help@chirp.test' };
const numberBytes = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 10 }, (_, index) => (seed * 31 + index * 57) & 255);
const noticeNumber = noticeNumberOf(numberBytes(3));
const earlierNoticeNumber = noticeNumberOf(numberBytes(5));
const person = { noticeNumber, checkUrl: `https://accounts.chirp.test/notice/${noticeNumber}`, earlierNoticeNumber };
const languages = ['en', 'de', 'es', 'ja'] as const;

const contained = [receiptOf('contained'), receiptOf('sessions-ended')];

interface Case {
  readonly name: string;
  readonly kind: TemplateKind;
  readonly facts: PersonFacts;
  readonly says: readonly Meaning[];
}

const cases: readonly Case[] = [
  {
    name: 'a verified notice',
    kind: 'notice',
    facts: factsOf({ receipts: contained, evidence: [evidenceOf('verified')] }),
    says: ['old-password-works-no-more', 'password-known-to-others', 'signed-out'],
  },
  {
    name: 'an observed notice without sessions',
    kind: 'notice',
    facts: factsOf({ receipts: contained.slice(0, 1), evidence: [evidenceOf('observed')] }),
    says: ['old-password-works-no-more', 'activity-not-yours'],
  },
  {
    name: 'a reported notice',
    kind: 'notice',
    facts: factsOf({ receipts: contained, evidence: [evidenceOf('reported')] }),
    says: ['old-password-works-no-more', 'reported', 'signed-out'],
  },
  {
    name: 'a holding correction',
    kind: 'holding',
    facts: factsOf({ receipts: contained, earlierNotice: earlierNoticeIn('accepted'), checkOrderedAt: containedAt }),
    says: ['earlier-notice-sent', 'being-checked', 'old-password-works-no-more'],
  },
  {
    name: 'a conditional holding correction',
    kind: 'holding',
    facts: factsOf({ earlierNotice: earlierNoticeIn('unknown'), checkOrderedAt: containedAt }),
    says: ['earlier-notice-perhaps', 'being-checked'],
  },
  {
    name: 'a final correction with the password back',
    kind: 'final',
    facts: factsOf({
      receipts: [...contained, receiptOf('restored')],
      evidence: [evidenceOf('observed', 'withdrawn')],
      earlierNotice: earlierNoticeIn('accepted'),
    }),
    says: ['earlier-notice-sent', 'our-mistake', 'password-works-again', 'signed-out'],
  },
  {
    name: 'a conditional final correction to somebody with a new password',
    kind: 'final',
    facts: factsOf({
      receipts: [...contained.slice(0, 1), receiptOf('changed-since')],
      evidence: [evidenceOf('observed', 'withdrawn')],
      earlierNotice: earlierNoticeIn('unknown'),
    }),
    says: ['earlier-notice-perhaps', 'our-mistake', 'your-new-password-stays'],
  },
  {
    name: 'a final correction where the password is lost',
    kind: 'final',
    facts: factsOf({
      receipts: [...contained, receiptOf('not-restorable')],
      evidence: [evidenceOf('observed', 'withdrawn')],
      earlierNotice: earlierNoticeIn('complained'),
    }),
    says: ['earlier-notice-sent', 'our-mistake', 'password-not-given-back', 'signed-out'],
  },
  {
    name: 'a late notice',
    kind: 'late',
    facts: factsOf({
      receipts: contained,
      evidence: [evidenceOf('verified')],
      earlierNotice: earlierNoticeIn('refused'),
    }),
    says: ['old-password-works-no-more', 'not-told-sooner', 'password-known-to-others', 'signed-out'],
  },
  {
    name: 'a confirming correction',
    kind: 'confirmed',
    facts: factsOf({
      receipts: [receiptOf('contained'), receiptOf('kept')],
      evidence: [evidenceOf('verified')],
      earlierNotice: earlierNoticeIn('accepted'),
    }),
    says: ['earlier-notice-sent', 'notice-stands', 'password-known-to-others', 'old-password-works-no-more'],
  },
];

let template: PairedTemplate;
let compose: ComposeNotice;
beforeAll(async () => {
  template = await readPasswordReset();
  compose = makeNoticeComposer(template, constants);
});

type Composed = Extract<ComposedNotice, { kind: 'composed' }>;

function composed(result: ComposedNotice): Composed {
  if (result.kind === 'withheld') throw new Error(`withheld: ${result.reason}`);
  return result;
}

async function mailOf(result: Composed): Promise<Buffer> {
  const message = await compileMessage({
    from: { name: 'Chirp', address: 'notices@chirp.test' },
    ...result.compiled,
    headers: {},
  });
  const slots = Object.fromEntries(Object.entries(result.slots).map(([slot, value]) => [slot, value ?? '']));
  return Buffer.from(
    message.build({
      to: 'ada@mail.test',
      messageId: '<0123456789abcdef@chirp.test>',
      date: containedAt,
      noticeNumber,
      slots,
    }),
  );
}

function plainMail(subject: string, text: string, html: string): string {
  return [
    'From: Chirp <notices@chirp.test>',
    'To: ada@mail.test',
    `Subject: ${subject}`,
    'Message-ID: <1@chirp.test>',
    'Date: Fri, 20 Nov 2026 18:06:00 +0000',
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="b"',
    '',
    `--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}`,
    `--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${html}`,
    '--b--',
  ].join('\r\n');
}

function truthOf(says: readonly Meaning[], language: string): PersonTruth {
  return {
    address: 'ada@mail.test',
    language,
    trueMeanings: new Set(says),
    requiredMeanings: new Set(says),
    linkOrigins: ['https://accounts.chirp.test'],
    serviceAddresses: ['help@chirp.test'],
    noticeNumber,
    earlierNumbers: [earlierNoticeNumber],
  };
}

describe.each(languages)('in %s', (language) => {
  test.each(cases)('$name says exactly what is true, in text and HTML alike', async ({ kind, facts, says }) => {
    const result = composed(compose(kind, facts, person, language));
    expect(result.languageFellBack).toBe(false);
    expect(await checkNotice(await mailOf(result), truthOf(says, language))).toEqual([]);
  });

  test('a preview shows the very words of the mail', async () => {
    for (const { kind, facts } of cases) {
      const result = composed(compose(kind, facts, person, language));
      const preview = renderNotice(result.compiled, result.slots);
      const mail = await simpleParser(await mailOf(result));
      expect(mail.subject).toBe(preview.subject);
      expect(mail.text?.trim()).toBe(preview.text.trim());
      expect(typeof mail.html === 'string' ? mail.html.trim() : '').toBe(preview.html.trim());
    }
  });
});

describe('a mail', () => {
  test.each(languages)('claims nothing in %s where nothing is proved: advice states no fact', async (language) => {
    for (const mail of Object.values(template.mails)) {
      const compiled = compileNotice(mail, language, new Set(), constants);
      const slots = { 'notice-number': noticeNumber, 'check-url': person.checkUrl };
      const { text, html } = renderNotice(compiled, slots);
      expect(await checkNotice(plainMail('-', text, html), truthOf([], language))).toEqual([]);
    }
  });

  const facts = factsOf({ receipts: contained, evidence: [evidenceOf('verified')] });

  test('is in English for somebody whose language is unknown or not offered, and that is recorded', () => {
    for (const tag of [null, 'fr', 'x-klingon', '', 'zz-ZZ']) {
      const result = composed(compose('notice', facts, person, tag));
      expect([result.compiled.language, result.languageFellBack]).toEqual(['en', true]);
    }
    for (const tag of ['de-AT', 'DE', 'de_CH']) {
      expect(composed(compose('notice', facts, person, tag)).compiled.language).toBe('de');
    }
  });

  test('names its times in UTC and says so', () => {
    const shown = languages.map((tag) => composed(compose('notice', facts, person, tag)).slots['contained-on']);
    for (const time of shown) expect(time).toMatch(/18:05.*UTC/);
    expect(new Set(shown).size).toBe(4);
  });

  test('rendered alone is the mail rendered in any batch', () => {
    const fresh = composed(makeNoticeComposer(template, constants)('notice', facts, person, 'ja'));
    const alone = JSON.stringify(renderNotice(fresh.compiled, fresh.slots));
    fc.assert(
      fc.property(
        fc.array(fc.record({ of: fc.constantFrom(...cases), tag: fc.constantFrom(...languages, null) }), {
          maxLength: 30,
        }),
        (batch) => {
          for (const { of, tag } of batch) {
            const other = noticeNumberOf(numberBytes(batch.length + 9));
            compose(of.kind, of.facts, { ...person, noticeNumber: other, checkUrl: 'https://x.test/n' }, tag);
          }
          const here = composed(compose('notice', facts, person, 'ja'));
          expect(JSON.stringify(renderNotice(here.compiled, here.slots))).toBe(alone);
        },
      ),
      { seed: 2014, numRuns: 50 },
    );
  });

  test('is compiled once for everybody with the same words', () => {
    const one = composed(compose('notice', facts, person, 'de'));
    const other = composed(compose('notice', facts, { ...person, earlierNoticeNumber: null }, 'de-CH'));
    expect(one.compiled).toBe(other.compiled);
  });

  test('shows a service name with markup in it as text', async () => {
    const hostile = { 'service-name': 'A&B <script>"\'', 'support-contact': 'help@chirp.test' };
    const result = composed(makeNoticeComposer(template, hostile)('notice', facts, person, 'en'));
    expect(renderNotice(result.compiled, result.slots).html).not.toContain('<script>');
    const findings = await checkNotice(await mailOf(result), truthOf(cases[0]?.says ?? [], 'en'));
    expect(findings).toEqual([]);
  });

  test('is refused rather than sent with an empty place', () => {
    const result = composed(compose('notice', facts, person, 'en'));
    const { 'contained-on': _left, ...slots } = result.slots;
    expect(() => renderNotice(result.compiled, slots)).toThrow(expect.objectContaining({ code: 'template-unfit' }));
  });
});

describe('the independent checker', () => {
  const [verified] = cases;
  const truth = truthOf(verified?.says ?? [], 'en');

  async function genuine(): Promise<string> {
    const facts = verified?.facts ?? factsOf();
    const { compiled, slots } = composed(compose('notice', facts, person, 'en'));
    const { subject, text, html } = renderNotice(compiled, slots);
    return plainMail(subject, text, html);
  }

  test('finds nothing in a genuine mail', async () => {
    expect(await checkNotice(await genuine(), truth)).toEqual([]);
  });

  test.each<[string, string | RegExp, string]>([
    ['contradiction', 'This can happen', 'That was our mistake. This can happen'],
    ['false-claim', 'This can happen', 'Your password works again. This can happen'],
    ['missing-claim', /is known to others/g, 'is fine'],
    ['wrong-recipient', 'To: ada@mail.test', 'To: ada@mail.test, bob@mail.test'],
    ['wrong-recipient', 'To: ada@mail.test', 'To: bob@mail.test'],
    ['wrong-recipient', 'Auto-Submitted:', 'Cc: bob@mail.test\r\nAuto-Submitted:'],
    ['foreign-address', 'Hello,', 'Hello, bob@mail.test'],
    ['wrong-language', '<html lang="en"', '<html lang="de"'],
    ['wrong-language', /\b(the|your|you|we)\b/gi, 'usted'],
    ['bad-link', /https:\/\/accounts\.chirp\.test/g, 'https://accounts.chirp.test.evil.test'],
    ['bad-link', /(notice\/[0-9A-Z-]+)/g, '$1?ref=1'],
    ['link-count', '</ol>', '</ol><a href="https://accounts.chirp.test/x">https://accounts.chirp.test/x</a>'],
    ['bad-link', '>https://accounts', '>https://www'],
    ['token', 'Hello,', 'Hello, 9f86d081884c7d659a2f'],
    ['token', 'Hello,', 'Hello, 482913'],
    ['tracking', '</ol>', '</ol><img src="https://accounts.chirp.test/p.gif">'],
    ['active-content', '</ol>', '</ol><form action="/x"><input name="password"></form>'],
    ['text-differs-from-html', '<h2', '<p>One thing more.</p><h2'],
    ['wrong-number', new RegExp(noticeNumber, 'g'), earlierNoticeNumber],
    [
      'bad-number',
      new RegExp(noticeNumber, 'g'),
      `${noticeNumber.slice(0, -1)}${noticeNumber.endsWith('Z') ? 'Y' : 'Z'}`,
    ],
    ['header-missing', 'Auto-Submitted: auto-generated\r\n', ''],
  ])('finds a planted %s (%s)', async (code, from, to) => {
    const mail = await genuine();
    const broken = typeof from === 'string' ? mail.replace(from, () => to) : mail.replace(from, to);
    expect(broken).not.toBe(mail);
    const strict = code === 'wrong-number' ? { ...truth, earlierNumbers: [] } : truth;
    expect((await checkNotice(broken, strict)).map((finding) => finding.code)).toContain(code);
  });

  test('finds a notice that was sent to somebody of whom nothing is true', async () => {
    const nothing = { ...truth, trueMeanings: new Set<Meaning>(), requiredMeanings: new Set<Meaning>() };
    const findings = await checkNotice(await genuine(), nothing);
    expect(findings.filter((finding) => finding.code === 'false-claim')).toHaveLength(3);
  });
});
