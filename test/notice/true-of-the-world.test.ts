import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { makeNoticeComposer } from '../../src/app/notice/compose-notice.ts';
import { deliveryStates } from '../../src/domain/notice/delivery-state.ts';
import { noticeNumberOf } from '../../src/domain/notice/notice-number.ts';
import type { PersonFacts } from '../../src/domain/notice/person-facts.ts';
import { templateKinds } from '../../src/domain/notice/template.ts';
import { checkNotice } from '../support/notice-checker.ts';
import { containedAt, earlierNoticeIn, evidenceOf, factsOf, receiptOf } from '../support/person-facts.ts';
import { readPasswordReset } from '../support/shipped-templates.ts';
import { whatIsTrue, type WorldOfPerson } from '../support/what-is-true.ts';

/** What happened to one person, from which both the facts that we hold and the truth of the world follow. */
const anyHistory = fc.record({
  contained: fc.boolean(),
  ended: fc.constantFrom('nothing' as const, 'restored', 'changed-since', 'not-restorable', 'kept'),
  sessionsEnded: fc.boolean(),
  verified: fc.constantFrom('none' as const, 'live', 'withdrawn'),
  observed: fc.constantFrom('none' as const, 'live', 'withdrawn'),
  reported: fc.constantFrom('none' as const, 'live', 'withdrawn'),
  earlier: fc.option(fc.constantFrom(...deliveryStates)),
  checkOrdered: fc.boolean(),
});
type History = typeof anyHistory extends fc.Arbitrary<infer Value> ? Value : never;

function factsFrom(history: History): PersonFacts {
  const classes = ['verified', 'observed', 'reported'] as const;
  return factsOf({
    receipts: [
      ...(history.contained ? [receiptOf('contained')] : []),
      ...(history.sessionsEnded ? [receiptOf('sessions-ended')] : []),
      ...(history.contained && history.ended !== 'nothing' ? [receiptOf(history.ended)] : []),
    ],
    evidence: classes.flatMap((name) => (history[name] === 'none' ? [] : [evidenceOf(name, history[name])])),
    earlierNotice: history.earlier === null ? null : earlierNoticeIn(history.earlier),
    checkOrderedAt: history.checkOrdered ? containedAt : null,
  });
}

function worldFrom(history: History): WorldOfPerson {
  const ended = history.contained ? history.ended : 'nothing';
  const evidence = [history.verified, history.observed, history.reported];
  const live = evidence.includes('live');
  return {
    oldPasswordWorks: !history.contained || ended === 'restored',
    choseNewPassword: ended === 'changed-since',
    sessionsEnded: history.sessionsEnded,
    passwordInList: history.verified === 'live',
    observed: history.observed === 'live',
    reported: history.reported === 'live',
    earlierNotice: earlierNoticeOf(history),
    beingChecked: history.checkOrdered && ended === 'nothing',
    verdict: live ? (ended === 'kept' ? 'stands' : 'none') : evidence.includes('withdrawn') ? 'mistake' : 'none',
  };
}

function earlierNoticeOf(history: History): WorldOfPerson['earlierNotice'] {
  if (history.earlier === 'accepted' || history.earlier === 'complained') return 'received';
  return history.earlier === 'unknown' ? 'perhaps' : 'none';
}

test('no mail says anything untrue of its reader, whatever happened to them', async () => {
  const compose = makeNoticeComposer(await readPasswordReset(), {
    'service-name': 'Chirp',
    'support-contact': 'help@chirp.test',
  });
  const noticeNumber = noticeNumberOf(new Uint8Array(10).fill(7));
  const earlierNoticeNumber = noticeNumberOf(new Uint8Array(10).fill(8));
  const person = { noticeNumber, checkUrl: `https://chirp.test/notice/${noticeNumber}`, earlierNoticeNumber };
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      anyHistory,
      fc.constantFrom(...templateKinds),
      fc.constantFrom('en', 'de', 'es', 'ja'),
      async (history, kind, language) => {
        const composed = compose(kind, factsFrom(history), person, language);
        if (composed.kind === 'withheld') return;
        sent += 1;
        const message = await compileMessage({
          from: { name: 'Chirp', address: 'notices@chirp.test' },
          ...composed.compiled,
          headers: {},
        });
        const raw = message.build({
          to: 'ada@mail.test',
          messageId: '<1@chirp.test>',
          date: containedAt,
          noticeNumber,
          slots: composed.slots,
        });
        const findings = await checkNotice(Buffer.from(raw), {
          address: 'ada@mail.test',
          language,
          trueMeanings: whatIsTrue(worldFrom(history)),
          requiredMeanings: new Set(),
          linkOrigins: ['https://chirp.test'],
          serviceAddresses: ['help@chirp.test'],
          noticeNumber,
          earlierNumbers: [earlierNoticeNumber],
        });
        expect(findings).toEqual([]);
      },
    ),
    { seed: 2014, numRuns: 3_000 },
  );
  // Most histories allow no mail at all; enough of them must have allowed one.
  expect(sent).toBeGreaterThan(150);
});
