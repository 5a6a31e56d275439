import { describe, expect, test } from 'vitest';
import { binomialTail } from '../../src/domain/guardrail/binomial.ts';
import { judgeBounces, judgeComplaints } from '../../src/domain/guardrail/judge-feedback.ts';
import type { FeedbackTally } from '../../src/domain/guardrail/judge-feedback.ts';
import { bounceClassOf, refusalClassOf } from '../../src/domain/notice/bounce-class.ts';
import { standardLimits } from '../../src/domain/plan/limits.ts';

const tally = (over: Partial<FeedbackTally>): FeedbackTally => ({
  handed: 1_000,
  bounced: 0,
  refusedByPolicy: 0,
  complained: 0,
  channel: 'alive',
  ...over,
});
const bounces = (over: Partial<FeedbackTally>) => judgeBounces(tally(over), standardLimits);
const complaints = (over: Partial<FeedbackTally>) => judgeComplaints(tally(over), standardLimits);

describe('the gate on bounces', () => {
  test('fails when surely more than three in a hundred came back, and not for a usual share', () => {
    expect(bounces({ bounced: 45 })).toMatchObject({ kind: 'fail', reason: 'too-many' });
    expect(bounces({ bounced: 30 })).toMatchObject({ kind: 'pass' });
    expect(bounces({ handed: 10, bounced: 1 })).toMatchObject({ kind: 'pass' });
    expect(bounces({ handed: 10, bounced: 3 })).toMatchObject({ kind: 'fail' });
  });

  test('holds where a receiver refuses all that we send, and calls no address wrong for it', () => {
    expect(bounces({ refusedByPolicy: 400 })).toMatchObject({ kind: 'inconclusive', reason: 'refused-by-policy' });
  });

  test('is never passed by the silence of a channel that should speak, and not held where there is none', () => {
    expect(bounces({ channel: 'silent' })).toMatchObject({ kind: 'inconclusive', reason: 'channel-silent' });
    expect(bounces({ channel: 'none' })).toMatchObject({ kind: 'pass' });
    expect(bounces({ channel: 'silent', bounced: 100 })).toMatchObject({ kind: 'fail' });
    expect(bounces({ channel: 'none', bounced: 100 })).toMatchObject({ kind: 'fail' });
  });
});

describe('the gate on complaints', () => {
  test('fails when surely more than eight in ten thousand complain', () => {
    expect(complaints({ complained: 5 })).toMatchObject({ kind: 'fail', reason: 'too-many' });
    expect(complaints({ handed: 10_000, complained: 8 })).toMatchObject({ kind: 'pass' });
    expect(complaints({ handed: 10, complained: 1 })).toMatchObject({ kind: 'fail' });
  });

  test('says that nobody could have complained where no channel is configured', () => {
    expect(complaints({ channel: 'none' })).toMatchObject({ kind: 'pass', reason: 'not-heard' });
    expect(complaints({ channel: 'silent' })).toMatchObject({ kind: 'inconclusive', reason: 'channel-silent' });
  });
});

test('counts that cannot be are never a pass', () => {
  for (const impossible of [{ bounced: -1 }, { handed: 3, bounced: 4 }, { handed: Number.NaN }])
    expect(bounces(impossible)).toMatchObject({ kind: 'inconclusive', reason: 'tally-impossible' });
  expect(complaints({ handed: 1, complained: 2 }).kind).toBe('inconclusive');
});

test('both gates have the power that they state', () => {
  for (const handed of [10, 60, 560, 2_560]) {
    for (const { power, ceiling } of [
      { power: bounces({ handed }).power, ceiling: standardLimits.bounceCeiling },
      { power: complaints({ handed }).power, ceiling: standardLimits.complaintCeiling },
    ]) {
      const { hitsToFail, smallestShareCaught } = power;
      if (hitsToFail === null || smallestShareCaught === null) throw new Error('it could catch nothing');
      expect(binomialTail(hitsToFail, handed, smallestShareCaught)).toBeCloseTo(0.9, 6);
      expect(binomialTail(hitsToFail, handed, ceiling)).toBeLessThan(0.05);
      expect(binomialTail(hitsToFail - 1, handed, ceiling)).toBeGreaterThanOrEqual(0.05);
    }
  }
});

describe('what a bounce is about', () => {
  test.each([
    ['5.1.1', 'address'],
    ['5.1.2', 'address'],
    ['5.1.10', 'address'],
    ['5.2.1', 'address'],
    ['5.4.4', 'address'],
    ['5.1.8', 'policy'],
    ['5.7.1', 'policy'],
    ['5.7.26', 'policy'],
    ['4.7.0', 'policy'],
    ['5.2.2', 'mailbox'],
    ['4.2.2', 'mailbox'],
    ['4.4.7', 'transient'],
    ['4.1.1', 'transient'],
    ['5.0.0', 'unclear'],
    ['5.1.1111', 'unclear'],
    ['9.1.1', 'unclear'],
    ['', 'unclear'],
  ])('%s is about the %s', (status, bounce) => {
    expect(bounceClassOf(status)).toBe(bounce);
  });

  test('a refusal without a status speaks only where its code has a meaning of its own, in answer to the recipient', () => {
    expect(refusalClassOf(550, null, true)).toBe('address');
    expect(refusalClassOf(552, null, true)).toBe('mailbox');
    expect(refusalClassOf(554, null, true)).toBe('unclear');
    expect(refusalClassOf(550, null, false)).toBe('unclear');
    expect(refusalClassOf(550, '5.7.1', true)).toBe('policy');
  });
});
