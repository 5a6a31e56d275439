import { beforeAll, describe, expect, it } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { makeNoticeComposer, type ComposeNotice } from '../../src/app/notice/compose-notice.ts';
import { noticeNumberOf } from '../../src/domain/notice/notice-number.ts';
import type { PersonFacts } from '../../src/domain/notice/person-facts.ts';
import type { TemplateKind } from '../../src/domain/notice/template.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { checkNotice } from '../support/notice-checker.ts';
import type { Meaning } from '../support/notice-sentinels.ts';
import { containedAt, earlierNoticeIn, evidenceOf, factsOf, receiptOf } from '../support/person-facts.ts';
import { noRates } from '../support/no-rates.ts';
import { readAccountSuspended, readPasswordReset } from '../support/shipped-templates.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import { withCampaign } from '../read/with-campaign.ts';

const campaign = withCampaign();
const constants = { 'service-name': 'Chirp', 'support-contact': 'help@chirp.test' };
const noticeNumber = noticeNumberOf(Uint8Array.from({ length: 10 }, (_, at) => at * 7));
const earlierNoticeNumber = noticeNumberOf(Uint8Array.from({ length: 10 }, (_, at) => at * 11 + 1));
const person = { noticeNumber, checkUrl: `https://accounts.chirp.test/notices/${noticeNumber}`, earlierNoticeNumber };
const lapsesAt = new Date('2026-12-20T18:05:00Z');
const suspended = [receiptOf('suspended'), receiptOf('sessions-ended')];
const open = { reason: 'spam', isOpen: true, lapsesAt } as const;
const closed = { reason: 'spam', isOpen: false, lapsesAt } as const;

let compose: ComposeNotice;
let composeReset: ComposeNotice;
beforeAll(async () => {
  compose = makeNoticeComposer(await readAccountSuspended(), constants);
  composeReset = makeNoticeComposer(await readPasswordReset(), constants);
});

const cases: readonly (readonly [string, TemplateKind, PersonFacts, readonly Meaning[]])[] = [
  [
    'a notice for spam',
    'notice',
    factsOf({ receipts: suspended, evidence: [evidenceOf('observed')], suspension: open }),
    ['account-is-suspended', 'for-spam', 'suspension-ends', 'signed-out'],
  ],
  [
    'a notice for automation, by a report and without sessions',
    'notice',
    factsOf({
      receipts: suspended.slice(0, 1),
      evidence: [evidenceOf('reported')],
      suspension: { ...open, reason: 'automation' },
    }),
    ['account-is-suspended', 'for-automation', 'suspension-ends'],
  ],
  [
    'a late notice that somebody else uses the account',
    'late',
    factsOf({
      receipts: suspended,
      evidence: [evidenceOf('observed')],
      suspension: { ...open, reason: 'taken-over' },
      earlierNotice: earlierNoticeIn('refused'),
    }),
    ['account-is-suspended', 'somebody-else-uses-it', 'suspension-ends', 'signed-out', 'not-told-sooner'],
  ],
  [
    'a holding correction',
    'holding',
    factsOf({
      receipts: suspended,
      suspension: open,
      earlierNotice: earlierNoticeIn('accepted'),
      checkOrderedAt: containedAt,
    }),
    ['earlier-notice-sent', 'being-checked', 'account-is-suspended'],
  ],
  [
    'a final correction to somebody who is let in again',
    'final',
    factsOf({
      receipts: [...suspended, receiptOf('restored')],
      evidence: [evidenceOf('observed', 'withdrawn')],
      suspension: closed,
      earlierNotice: earlierNoticeIn('accepted'),
    }),
    ['earlier-notice-sent', 'our-mistake', 'account-open-again', 'signed-out'],
  ],
  [
    'a conditional final correction to somebody whom the service keeps suspended',
    'final',
    factsOf({
      receipts: [...suspended.slice(0, 1), receiptOf('changed-since')],
      evidence: [evidenceOf('observed', 'withdrawn')],
      suspension: closed,
      earlierNotice: earlierNoticeIn('unknown'),
    }),
    ['earlier-notice-perhaps', 'our-mistake', 'suspended-for-another-reason'],
  ],
  [
    'a confirming correction',
    'confirmed',
    factsOf({
      receipts: [...suspended.slice(0, 1), receiptOf('kept')],
      evidence: [evidenceOf('observed')],
      suspension: open,
      earlierNotice: earlierNoticeIn('accepted'),
    }),
    ['earlier-notice-sent', 'notice-stands', 'for-spam', 'account-is-suspended', 'suspension-ends'],
  ],
];

describe('a mail about a suspension', () => {
  it.each(
    cases.flatMap(([name, kind, facts, says]) =>
      (['en', 'de', 'es', 'ja'] as const).map((language) => [name, language, kind, facts, says] as const),
    ),
  )('%s in %s says what is true of its reader and nothing else', async (_, language, kind, facts, says) => {
    const mail = compose(kind, facts, person, language);
    if (mail.kind === 'withheld') throw new Error(`withheld: ${mail.reason} ${mail.unproved.join(' ')}`);
    const { compiled, slots } = mail;
    const message = await compileMessage({
      from: { name: 'Chirp', address: 'notices@chirp.test' },
      subject: compiled.subject,
      text: compiled.text,
      html: compiled.html,
      headers: {},
    });
    const raw = message.build({
      to: 'ada@mail.test',
      messageId: '<one@chirp.test>',
      date: containedAt,
      noticeNumber,
      slots,
    });
    const findings = await checkNotice(Buffer.from(raw), {
      address: 'ada@mail.test',
      language,
      trueMeanings: new Set(says),
      requiredMeanings: new Set(says),
      linkOrigins: ['https://accounts.chirp.test'],
      serviceAddresses: ['help@chirp.test', 'notices@chirp.test', 'ada@mail.test'],
      noticeNumber,
      earlierNumbers: [earlierNoticeNumber],
    });
    expect(findings).toEqual([]);
  });

  it.each([
    ['whom nobody suspended', factsOf({ evidence: [evidenceOf('observed')], suspension: { ...open, isOpen: false } })],
    [
      'whose password was taken instead',
      factsOf({ receipts: [receiptOf('contained')], evidence: [evidenceOf('observed')] }),
    ],
    [
      'who was let back in',
      factsOf({
        receipts: [...suspended, receiptOf('restored')],
        evidence: [evidenceOf('observed')],
        suspension: open,
      }),
    ],
    [
      'whose suspension is over',
      factsOf({ receipts: suspended, evidence: [evidenceOf('observed')], suspension: closed }),
    ],
    [
      'of whom only a leaked password is known',
      factsOf({ receipts: suspended, evidence: [evidenceOf('verified')], suspension: open }),
    ],
    [
      'whose evidence was withdrawn',
      factsOf({ receipts: suspended, evidence: [evidenceOf('observed', 'withdrawn')], suspension: open }),
    ],
  ])('never reaches somebody %s', (_, facts) => {
    expect(compose('notice', facts, person, 'en').kind).toBe('withheld');
    expect(compose('late', facts, person, 'en').kind).toBe('withheld');
  });

  it('is the only one that somebody who was suspended can get: the words of a reset have no proof', () => {
    const facts = factsOf({ receipts: suspended, evidence: [evidenceOf('observed')], suspension: open });
    expect(composeReset('notice', facts, person, 'en')).toMatchObject({
      kind: 'withheld',
      unproved: ['password-reset-by-us'],
    });
  });

  it('is refused at the moment of sending where a plan of the other action names its template', async () => {
    const c = campaign();
    const plan = await c.draftSuspension([await c.observed(c.holders(1))]);
    const reset = await c.draft([await c.leaked(c.holders(1))]);
    for (const [of, other] of [
      [plan, reset],
      [reset, plan],
    ] as const) {
      await c.approve(of);
      const rollout = await c.start(of);
      await c.contain(of.id, rollout);
      const taken = await c.take(rollout, 'tell');
      let sent = 0;
      const send = makePermitSender({
        ...c.deps,
        compileMessage,
        transport: {
          send: async () => {
            sent += 1;
            return { kind: 'accepted' };
          },
        },
        dotLog: { begin: () => ({ mark: () => undefined, close: () => undefined }) },
        identity: { checkUrl: () => person.checkUrl, from: { name: 'Chirp', address: 'notices@chirp.test' } },
        mailPauses: makeMailPauses({ monotonicMs: () => 0 }),
        mailRates: noRates,
        addressKey: (address: string) => address,
        now: () => containedAt,
      } as never);
      const forged = { ...of, header: { ...of.header, templates: other.header.templates } };
      await expect(send(forged, taken, () => true)).rejects.toMatchObject({ code: 'template-unfit' });
      expect(sent).toBe(0);
    }
  });
});
