import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ClaimName } from '../../src/domain/notice/claim.ts';
import { deliveryStates } from '../../src/domain/notice/delivery-state.ts';
import type { PersonFacts } from '../../src/domain/notice/person-facts.ts';
import { pairTemplateWithAction, type PairedTemplate } from '../../src/domain/notice/pair-template-with-action.ts';
import { proveClaims, type ProofResult } from '../../src/domain/notice/prove-claims.ts';
import { templateKinds, type TemplateKind } from '../../src/domain/notice/template.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { containedAt, earlierNoticeIn, evidenceOf, factsOf, receiptOf, somebody } from '../support/person-facts.ts';
import { readPasswordReset } from '../support/shipped-templates.ts';

let template: PairedTemplate;
beforeAll(async () => {
  template = await readPasswordReset();
});

function prove(kind: TemplateKind, facts: PersonFacts): ProofResult {
  return proveClaims(facts, template.mails[kind]?.blocks ?? []);
}

function claimsOf(result: ProofResult): readonly ClaimName[] {
  if (result.kind === 'withheld') throw new Error(`withheld: ${result.reason} ${result.unproved.join()}`);
  return result.claims.map((claim) => claim.name);
}

const contained = factsOf({ receipts: [receiptOf('contained')], evidence: [evidenceOf('verified')] });

describe('a notice', () => {
  test('says what the receipts and the evidence say', () => {
    const facts = { ...contained, receipts: [...contained.receipts, receiptOf('sessions-ended')] };
    expect(claimsOf(prove('notice', facts))).toEqual([
      'password-reset-by-us',
      'password-known-to-others',
      'sessions-ended',
    ]);
  });

  test('drops the sentence about sessions when none were ended', () => {
    expect(prove('notice', contained)).toMatchObject({ kind: 'proved', dropped: ['sessions-ended'] });
  });

  test('without a receipt of the reset is withheld', () => {
    expect(prove('notice', factsOf({ evidence: [evidenceOf('verified')] }))).toEqual({
      kind: 'withheld',
      reason: 'claim-unproved',
      unproved: ['password-reset-by-us'],
    });
  });

  test('without live evidence is withheld, whatever was withdrawn or weak', () => {
    for (const evidence of [[], [evidenceOf('weak')], [evidenceOf('verified', 'withdrawn')]]) {
      expect(prove('notice', { ...contained, evidence })).toMatchObject({ kind: 'withheld', reason: 'group-unproved' });
    }
  });

  test('never says that a password is known on observed or reported evidence', () => {
    expect(claimsOf(prove('notice', { ...contained, evidence: [evidenceOf('observed')] }))).toContain(
      'unusual-sign-in-observed',
    );
    const reported = claimsOf(
      prove('notice', { ...contained, evidence: [evidenceOf('reported'), evidenceOf('weak')] }),
    );
    expect(reported).toContain('reported-to-us');
    expect(reported).not.toContain('password-known-to-others');
  });

  test('gives one reason, the strongest', () => {
    const facts = { ...contained, evidence: [evidenceOf('reported'), evidenceOf('observed'), evidenceOf('verified')] };
    expect(claimsOf(prove('notice', facts))).toEqual(['password-reset-by-us', 'password-known-to-others']);
  });

  test('takes no receipt of another plan for its own', () => {
    const receipts = [{ ...receiptOf('contained'), planId: 'plan_6' as const }];
    expect(prove('notice', { ...contained, receipts }).kind).toBe('withheld');
  });

  test('is never made of facts about somebody else', () => {
    const other = accountId('acc-1002');
    for (const facts of [
      { ...contained, receipts: [...contained.receipts, { ...receiptOf('sessions-ended'), accountId: other }] },
      { ...contained, evidence: [...contained.evidence, { ...evidenceOf('observed'), accountId: other }] },
      { ...contained, accountId: other },
    ]) {
      expect(prove('notice', facts)).toMatchObject({ kind: 'withheld', reason: 'facts-of-another-person' });
    }
  });

  test('goes to no address but the one that was frozen', () => {
    for (const addressOfRecord of ['changed', 'missing', 'unread'] as const) {
      expect(prove('notice', { ...contained, addressOfRecord })).toMatchObject({
        kind: 'withheld',
        reason: `address-${addressOfRecord}`,
      });
    }
  });

  test('does not say that the password is reset once it was given back', () => {
    const receipts = [...contained.receipts, receiptOf('restored')];
    expect(prove('notice', { ...contained, receipts }).kind).toBe('withheld');
  });
});

describe('a correction', () => {
  const wrong = factsOf({
    receipts: [receiptOf('contained'), receiptOf('restored')],
    evidence: [evidenceOf('observed', 'withdrawn')],
    earlierNotice: earlierNoticeIn('accepted'),
  });

  test('says that we were wrong and that the password is back', () => {
    expect(claimsOf(prove('final', wrong))).toEqual(['notice-sent-in-error', 'password-given-back']);
  });

  test('speaks conditionally to those who may not have had the notice', () => {
    const facts = { ...wrong, earlierNotice: earlierNoticeIn('unknown') };
    expect(claimsOf(prove('final', facts))).toEqual(['notice-may-have-been-sent-in-error', 'password-given-back']);
  });

  test('is withheld from everyone whose notice cannot have arrived', () => {
    const reached = new Set(['accepted', 'complained', 'unknown']);
    for (const state of deliveryStates) {
      const facts = { ...wrong, checkOrderedAt: containedAt, earlierNotice: earlierNoticeIn(state) };
      expect(prove('final', facts).kind).toBe(reached.has(state) ? 'proved' : 'withheld');
      expect(prove('holding', { ...facts, receipts: [receiptOf('contained')] }).kind).toBe(
        reached.has(state) ? 'proved' : 'withheld',
      );
    }
    expect(prove('final', { ...wrong, earlierNotice: null }).kind).toBe('withheld');
  });

  test('admits no error while other evidence about the person is live', () => {
    for (const evidenceClass of ['verified', 'observed', 'reported'] as const) {
      const evidence = [...wrong.evidence, evidenceOf(evidenceClass)];
      expect(prove('final', { ...wrong, evidence }).kind).toBe('withheld');
    }
    expect(prove('final', { ...wrong, evidence: [...wrong.evidence, evidenceOf('weak')] }).kind).toBe('proved');
  });

  test('admits no error where nothing was withdrawn', () => {
    expect(prove('final', { ...wrong, evidence: [] }).kind).toBe('withheld');
  });

  test('does not promise the old password to whom it was not given back', () => {
    const facts = { ...wrong, receipts: [receiptOf('contained')] };
    expect(prove('final', facts)).toMatchObject({ kind: 'withheld', reason: 'group-unproved' });
    const changed = { ...wrong, receipts: [receiptOf('changed-since')] };
    expect(claimsOf(prove('final', changed))).toContain('password-kept-as-you-chose');
    const lost = { ...wrong, receipts: [receiptOf('not-restorable')] };
    expect(claimsOf(prove('final', lost))).toContain('password-not-given-back');
  });

  test('tells whoever chose a newer password to keep it, even if a restore was also recorded', () => {
    const facts = { ...wrong, receipts: [...wrong.receipts, receiptOf('changed-since')] };
    expect(claimsOf(prove('final', facts))).toEqual(['notice-sent-in-error', 'password-kept-as-you-chose']);
  });
});

describe('the other companions', () => {
  test('nobody is told "we are checking" unless a person ordered the check', () => {
    const facts = { ...contained, earlierNotice: earlierNoticeIn('accepted') };
    expect(prove('holding', facts).kind).toBe('withheld');
    expect(claimsOf(prove('holding', { ...facts, checkOrderedAt: containedAt }))).toEqual([
      'notice-was-sent',
      'checking',
      'password-reset-by-us',
    ]);
  });

  test('nobody is told "we are checking" once a retraction has dealt with their account', () => {
    for (const kind of ['restored', 'changed-since', 'not-restorable', 'kept'] as const) {
      const facts = { ...contained, earlierNotice: earlierNoticeIn('accepted'), checkOrderedAt: containedAt };
      expect(prove('holding', { ...facts, receipts: [...facts.receipts, receiptOf(kind)] }).kind).toBe('withheld');
    }
  });

  test('a late notice goes only to people who cannot have been told before', () => {
    const untold = new Set(['created', 'deferred', 'refused', 'bounced', 'released', 'withheld', 'suppressed']);
    for (const state of deliveryStates) {
      expect(prove('late', { ...contained, earlierNotice: earlierNoticeIn(state) }).kind).toBe(
        untold.has(state) ? 'proved' : 'withheld',
      );
    }
    expect(prove('late', { ...contained, earlierNotice: null }).kind).toBe('proved');
  });

  test('a notice is confirmed only on live evidence and a retraction that kept the protection', () => {
    const facts = {
      ...contained,
      earlierNotice: earlierNoticeIn('accepted'),
      receipts: [receiptOf('contained'), receiptOf('kept')],
    };
    expect(claimsOf(prove('confirmed', facts))).toContain('notice-confirmed');
    expect(prove('confirmed', { ...facts, receipts: [receiptOf('contained')] }).kind).toBe('withheld');
    expect(prove('confirmed', { ...facts, evidence: [evidenceOf('verified', 'withdrawn')] }).kind).toBe('withheld');
  });
});

const anyFacts = fc.record({
  receipts: fc.array(
    fc.record({
      kind: fc.constantFrom(
        'contained' as const,
        'sessions-ended',
        'restored',
        'changed-since',
        'not-restorable',
        'kept',
      ),
      planId: fc.constantFrom('plan_7' as const, 'plan_6' as const),
      accountId: fc.constant(somebody),
      at: fc.constant(containedAt),
    }),
    { maxLength: 5 },
  ),
  evidence: fc.array(
    fc.record({
      accountId: fc.constant(somebody),
      evidenceClass: fc.constantFrom('verified' as const, 'observed', 'reported', 'weak'),
      state: fc.constantFrom('live' as const, 'withdrawn'),
      at: fc.constant(containedAt),
    }),
    { maxLength: 4 },
  ),
  earlierNotice: fc.option(fc.constantFrom(...deliveryStates).map(earlierNoticeIn)),
  checkOrderedAt: fc.option(fc.constant(containedAt)),
});

describe('whatever the facts are', () => {
  const proved = (over: Partial<PersonFacts>, kind: TemplateKind): readonly ClaimName[] | null => {
    const result = prove(kind, factsOf(over));
    return result.kind === 'proved' ? result.claims.map((claim) => claim.name) : null;
  };

  test('no mail both admits an error and confirms a notice, or promises two outcomes', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...templateKinds), (over, kind) => {
        const said = new Set(proved(over, kind));
        const error = said.has('notice-sent-in-error') || said.has('notice-may-have-been-sent-in-error');
        expect(error && said.has('notice-confirmed')).toBe(false);
        const outcomes = ['password-given-back', 'password-kept-as-you-chose', 'password-not-given-back'] as const;
        expect(outcomes.filter((claim) => said.has(claim)).length).toBeLessThanOrEqual(1);
        expect(said.has('notice-was-sent') && said.has('notice-may-have-been-sent')).toBe(false);
      }),
      { seed: 2014, numRuns: 2_000 },
    );
  });

  test('nobody qualifies for a final and a confirming correction at once', () => {
    fc.assert(
      fc.property(anyFacts, (over) => {
        expect(proved(over, 'final') !== null && proved(over, 'confirmed') !== null).toBe(false);
      }),
      { seed: 2014, numRuns: 2_000 },
    );
  });

  test('withdrawing evidence never adds a reason for the reset', () => {
    const reasons = new Set(['password-known-to-others', 'unusual-sign-in-observed', 'reported-to-us']);
    fc.assert(
      fc.property(anyFacts, (over) => {
        const withdrawn = over.evidence.map((fact) => ({ ...fact, state: 'withdrawn' as const }));
        for (const kind of templateKinds) {
          const said = proved({ ...over, evidence: withdrawn }, kind) ?? [];
          expect(said.some((claim) => reasons.has(claim))).toBe(false);
        }
      }),
      { seed: 2014, numRuns: 500 },
    );
  });

  test('a template of another action is never paired', () => {
    for (const action of ['suspend', 'end-sessions', 'step-up'] as const) {
      expect(pairTemplateWithAction(template, action)).toMatchObject({
        kind: 'refused',
        reason: 'describes-another-action',
      });
    }
    const suspension = { ...template, describesAction: 'suspend' as const };
    expect(pairTemplateWithAction(suspension, 'reset').kind).toBe('refused');
    expect(pairTemplateWithAction(suspension, 'suspend')).toMatchObject({ kind: 'refused', reason: 'template-unfit' });
  });
});
