import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { parseStatement } from '../../src/domain/approval/approval-statement.ts';
import type { ApprovalStatement } from '../../src/domain/approval/approval-statement.ts';
import { judgeApproval } from '../../src/domain/approval/judge-approval.ts';
import type { ApprovalCase, ApprovalRefusal } from '../../src/domain/approval/judge-approval.ts';
import type { Operator } from '../../src/domain/approval/operator.ts';
import { maxApprovalMs } from '../../src/domain/approval/quorum.ts';

const now = new Date('2026-11-03T12:00:00.000Z');
const at = (offsetMs: number): Date => new Date(now.getTime() + offsetMs);

function person(no: number, changes: Partial<Operator> = {}): Operator {
  return {
    operatorId: `operator_${no}`,
    name: `Person ${no}`,
    email: `p${no}@example.org`,
    publicKey: `key ${no}`,
    passkeys: [],
    role: 'operator',
    state: 'active',
    activeFrom: at(-1_000),
    addedBy: null,
    ...changes,
  };
}

const statement: ApprovalStatement = {
  deployment: 'dep_0123456789abcdef',
  directory: 'chirp',
  digest: 'd'.repeat(64),
  total: 120,
  decision: 'approve',
  nonce: 'a'.repeat(32),
  expiry: at(60_000).toISOString(),
};

const sound: ApprovalCase = {
  statement,
  isSignatureValid: true,
  operator: person(1),
  subject: {
    deployment: statement.deployment,
    directory: statement.directory,
    digest: statement.digest,
    total: statement.total,
    decisions: ['approve'],
    author: person(9),
    review: { kind: 'none' },
  },
  earlier: [],
  isNonceUsed: false,
  now,
};

const earlier = {
  operator: person(1),
  digest: statement.digest,
  decision: 'approve' as const,
  givenAt: at(-60_000),
  expiresAt: at(1),
  isGenuine: true,
};

const saying = (changes: Partial<ApprovalStatement>): Partial<ApprovalCase> => ({
  statement: { ...statement, ...changes },
});

function judge(changes: Partial<ApprovalCase>): ApprovalRefusal | 'accepted' {
  const verdict = judgeApproval({ ...sound, ...changes });
  return verdict.kind === 'accepted' ? 'accepted' : verdict.reason;
}

describe('an approval', () => {
  test('is accepted when all of it fits', () => {
    expect(judge({})).toBe('accepted');
  });

  test.each<[ApprovalRefusal, Partial<ApprovalCase>]>([
    ['signature-invalid', { isSignatureValid: false }],
    ['role-cannot-approve', { operator: person(1, { role: 'agent' }) }],
    ['role-cannot-approve', { operator: person(1, { role: 'auditor' }) }],
    ['not-an-active-operator', { operator: person(1, { state: 'suspended' }) }],
    ['not-an-active-operator', { operator: person(1, { state: 'pending', activeFrom: null }) }],
    ['not-an-active-operator', { operator: person(1, { activeFrom: at(1) }) }],
    ['wrong-deployment', saying({ deployment: 'dep_other' })],
    ['wrong-directory', saying({ directory: 'chirp-staging' })],
    ['wrong-decision', saying({ decision: 'resume-epoch-1' })],
    ['wrong-decision', { subject: { ...sound.subject, decisions: [] } }],
    ['digest-mismatch', saying({ digest: 'e'.repeat(64) })],
    ['total-mismatch', saying({ total: 119 })],
    ['total-mismatch', saying({ total: 121 })],
    ['approval-expired', saying({ expiry: now.toISOString() })],
    ['approval-too-long', saying({ expiry: at(maxApprovalMs + 1).toISOString() })],
    ['nonce-reused', { isNonceUsed: true }],
    ['author-cannot-approve', { operator: person(9) }],
    ['author-cannot-approve', { operator: person(1, { email: 'P9@EXAMPLE.org' }) }],
    ['review-missing', { subject: { ...sound.subject, review: { kind: 'missing' } } }],
    ['review-unclear', { subject: { ...sound.subject, review: { kind: 'unclear' } } }],
    ['review-wrong', { subject: { ...sound.subject, review: { kind: 'wrong' } } }],
    ['review-mismatch', { subject: { ...sound.subject, review: { kind: 'clean', digest: 'a'.repeat(64) } } }],
    ['review-mismatch', saying({ review: 'a'.repeat(64) })],
    ['already-approved', { earlier: [earlier] }],
    ['already-approved', { earlier: [{ ...earlier, operator: person(2, { publicKey: 'key 1' }) }] }],
  ])('is refused as %s', (reason, changes) => {
    expect(judge(changes)).toBe(reason);
  });

  test.each<[string, Partial<ApprovalCase>]>([
    ['in the last millisecond of its life', saying({ expiry: at(1).toISOString() })],
    ['for exactly a day', saying({ expiry: at(maxApprovalMs).toISOString() })],
    ['in the first moment of the operator', { operator: person(1, { activeFrom: now }) }],
    ['again after the earlier one expired', { earlier: [{ ...earlier, expiresAt: now }] }],
    ['again after a row that nobody signed', { earlier: [{ ...earlier, isGenuine: false }] }],
    ['beside another person', { earlier: [{ ...earlier, operator: person(2) }] }],
    [
      'on the very review that it names',
      {
        ...saying({ review: 'a'.repeat(64) }),
        subject: { ...sound.subject, review: { kind: 'clean', digest: 'a'.repeat(64) } },
      },
    ],
    ['where there is no author', { subject: { ...sound.subject, author: null } }],
  ])('is accepted %s', (_when, changes) => {
    expect(judge(changes)).toBe('accepted');
  });

  test('with an invalid signature is refused as that, whatever else is wrong with it', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, total) => {
        const wrong = { ...saying({ deployment: text, digest: text, total }), isSignatureValid: false };
        expect(judge(wrong)).toBe('signature-invalid');
      }),
      { seed: 2014 },
    );
  });
});

describe('a signed text', () => {
  const text = digests.canonical(statement);
  const parse = (candidate: string): ApprovalStatement | null =>
    parseStatement(candidate, (value) => digests.canonical(value));

  test('says what was signed', () => {
    expect(parse(text)).toEqual(statement);
  });

  test('with one byte changed, added or removed is another statement or none', () => {
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.integer({ min: 32, max: 126 }), (place, code) => {
        const byte = String.fromCodePoint(code);
        const added = text.slice(0, place) + byte + text.slice(place);
        const removed = text.slice(0, place) + text.slice(place + 1);
        const changed = text.slice(0, place) + byte + text.slice(place + 1);
        for (const other of [added, removed, changed].filter((one) => one !== text)) {
          expect(parse(other)).not.toEqual(statement);
        }
      }),
      { numRuns: 2_000, seed: 2014 },
    );
  });

  test.each<[string, unknown]>([
    ['an extra field', { ...statement, note: 'and more' }],
    ['a missing field', { ...statement, nonce: undefined }],
    ['an unknown decision', { ...statement, decision: 'approve-all' }],
    ['a padded epoch', { ...statement, decision: 'resume-epoch-01' }],
    ['a negative total', { ...statement, total: -1 }],
    ['half a person', { ...statement, total: 1.5 }],
    ['a total in words', { ...statement, total: '120' }],
    ['a short nonce', { ...statement, nonce: 'a'.repeat(31) }],
    ['a digest in capitals', { ...statement, digest: 'D'.repeat(64) }],
    ['an expiry without a zone', { ...statement, expiry: '2026-11-03T12:00:00.000' }],
    ['an expiry that is no day', { ...statement, expiry: '2026-13-03T12:00:00.000Z' }],
    ['a list', [statement]],
    ['nothing', null],
  ])('with %s is not read', (_what, value) => {
    expect(parse(digests.canonical(value))).toBeNull();
  });

  test('that is not in its one canonical form is not read', () => {
    expect(parse(JSON.stringify(statement, null, 1))).toBeNull();
    expect(parse(`${text} `)).toBeNull();
    expect(parse(`{"decision":"approve",${text.slice(1)}`)).toBeNull();
  });
});
