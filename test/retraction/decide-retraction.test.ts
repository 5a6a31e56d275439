import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withdrawalCauses } from '../../src/domain/evidence/evidence.ts';
import { decideRetraction } from '../../src/domain/retraction/decide-retraction.ts';
import type { RetractionEvidence, RetractionFacts } from '../../src/domain/retraction/decide-retraction.ts';
import { onePersonAccounts, quorumFor } from '../../src/domain/retraction/quorum-for.ts';

function live(name: RetractionEvidence['class']): RetractionEvidence {
  return { class: name, state: 'live', cause: null };
}

function withdrawn(name: RetractionEvidence['class'], cause: RetractionEvidence['cause']): RetractionEvidence {
  return { class: name, state: 'withdrawn', cause };
}

const contained: RetractionFacts = {
  action: 'reset',
  effect: 'quarantine',
  contained: 'contained',
  isSealed: true,
  told: true,
  evidence: [],
  hoursSinceContained: 1,
  restoreHours: 72,
};

describe('what a retraction does for one account', () => {
  test.each<[string, Partial<RetractionFacts>, string, string, boolean]>([
    ['a wrong verdict', { evidence: [withdrawn('verified', 'wrong-verdict')] }, 'restore', 'evidence-withdrawn', true],
    ['our own export', { evidence: [withdrawn('verified', 'own-export')] }, 'restore', 'evidence-withdrawn', true],
    ['a wrong rule', { evidence: [withdrawn('observed', 'rule-wrong')] }, 'restore', 'evidence-withdrawn', true],
    [
      'nobody told',
      { evidence: [withdrawn('observed', 'rule-wrong')], told: false },
      'restore',
      'evidence-withdrawn',
      false,
    ],
    [
      'a wrong rule on a leaked password',
      { evidence: [withdrawn('verified', 'rule-wrong')] },
      'person',
      'verified-and-not-disproved',
      false,
    ],
    ['a doubted source', { evidence: [withdrawn('verified', 'source-doubted')] }, 'person', 'source-doubted', false],
    [
      'a doubted source of a rule',
      { evidence: [withdrawn('observed', 'source-doubted')] },
      'person',
      'source-doubted',
      false,
    ],
    [
      'another list',
      { evidence: [withdrawn('observed', 'rule-wrong'), live('verified')] },
      'keep',
      'live-evidence',
      false,
    ],
    [
      'another report',
      { evidence: [withdrawn('verified', 'wrong-verdict'), live('reported')] },
      'keep',
      'live-evidence',
      false,
    ],
    [
      'an address seen elsewhere',
      { evidence: [withdrawn('observed', 'rule-wrong'), live('weak')] },
      'restore',
      'evidence-withdrawn',
      true,
    ],
    ['nothing but addresses', { evidence: [live('weak')] }, 'person', 'no-evidence-at-all', false],
    [
      'the last hour of the window',
      { evidence: [withdrawn('observed', 'rule-wrong')], hoursSinceContained: 71 },
      'restore',
      'evidence-withdrawn',
      true,
    ],
    [
      'the hour after it',
      { evidence: [withdrawn('observed', 'rule-wrong')], hoursSinceContained: 72 },
      'person',
      'restore-window-passed',
      false,
    ],
    [
      'sessions alone',
      { effect: 'end-sessions', isSealed: false, evidence: [withdrawn('observed', 'rule-wrong')] },
      'untouched',
      'sessions-only',
      true,
    ],
    [
      'nothing done',
      { contained: 'created', isSealed: false, told: false, evidence: [withdrawn('observed', 'rule-wrong')] },
      'untouched',
      'not-acted-on',
      false,
    ],
    [
      'another plan’s quarantine',
      { contained: 'already-quarantined', isSealed: false, told: false },
      'untouched',
      'quarantined-by-another-plan',
      false,
    ],
    [
      'a worker lost in between',
      { contained: 'unknown', told: false, evidence: [withdrawn('observed', 'rule-wrong')] },
      'restore',
      'evidence-withdrawn',
      false,
    ],
    [
      'a notice without a quarantine',
      { contained: 'changed-since', isSealed: false, evidence: [withdrawn('observed', 'rule-wrong')] },
      'untouched',
      'not-acted-on',
      true,
    ],
  ])('%s', (_what, changes, decision, reason, owedCorrection) => {
    expect(decideRetraction({ ...contained, ...changes })).toEqual({ decision, reason, owedCorrection });
  });

  const anyEvidence = fc.oneof(
    fc.constantFrom('verified' as const, 'observed', 'reported', 'weak').map(live),
    fc
      .tuple(fc.constantFrom('verified' as const, 'observed', 'reported', 'weak'), fc.constantFrom(...withdrawalCauses))
      .map(([name, cause]) => withdrawn(name, cause)),
  );
  const anyFacts = fc.record<RetractionFacts>({
    action: fc.constant('reset'),
    effect: fc.constantFrom('quarantine', 'end-sessions'),
    contained: fc.constantFrom(
      'created',
      'contained',
      'already-quarantined',
      'unknown',
      'released',
      'changed-since',
      'failed',
    ),
    isSealed: fc.boolean(),
    told: fc.boolean(),
    evidence: fc.array(anyEvidence, { maxLength: 6 }),
    hoursSinceContained: fc.nat(100),
    restoreHours: fc.constant(72),
  });

  test('is never to give a password back that any live evidence or undisproved verdict says is known', () => {
    let restores = 0;
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { decision, owedCorrection } = decideRetraction(facts);
        const strong = facts.evidence.filter((item) => item.class !== 'weak');
        const isLive = strong.some((item) => item.state === 'live');
        const isSound = strong.some(
          (item) => item.class === 'verified' && item.cause !== 'wrong-verdict' && item.cause !== 'own-export',
        );
        const isDoubted = strong.some((item) => item.cause === 'source-doubted');
        if (decision === 'restore') {
          restores += 1;
          expect([isLive, isSound, isDoubted]).toEqual([false, false, false]);
          expect(strong.length).toBeGreaterThan(0);
          expect(facts.contained === 'contained' || facts.isSealed).toBe(true);
          expect(facts.effect).toBe('quarantine');
        }
        // "We were wrong" goes only to people whom the notice may have reached, and about whom nothing stands.
        if (owedCorrection) expect([facts.told, isLive, isSound]).toEqual([true, false, false]);
      }),
      { seed: 2014, numRuns: 20_000 },
    );
    expect(restores).toBeGreaterThan(200);
  });

  test('is the same in whatever order the evidence is read, and weak evidence changes nothing of it', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const reversed = { ...facts, evidence: facts.evidence.toReversed() };
        expect(decideRetraction(reversed)).toEqual(decideRetraction(facts));
        const withWeak = { ...facts, evidence: [...facts.evidence, live('weak')] };
        expect(decideRetraction(withWeak)).toEqual(decideRetraction(facts));
      }),
      { seed: 2014, numRuns: 2_000 },
    );
  });
});

test('up to 25 accounts one person may put right, the author too; for 26 it takes two others', () => {
  expect(quorumFor(0)).toEqual({ people: 1, authorMayApprove: true });
  expect(quorumFor(onePersonAccounts)).toEqual({ people: 1, authorMayApprove: true });
  expect(quorumFor(onePersonAccounts + 1)).toEqual({ people: 2, authorMayApprove: false });
  expect(onePersonAccounts).toBe(25);
});
