import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/domain/approval/approval-statement.ts';
import type { Operator, OperatorState } from '../../src/domain/approval/operator.ts';
import { isActive } from '../../src/domain/approval/operator.ts';
import { countQuorum, maxApprovalMs } from '../../src/domain/approval/quorum.ts';
import type { GivenApproval, QuorumQuestion } from '../../src/domain/approval/quorum.ts';
import type { Role } from '../../src/domain/approval/role.ts';

const now = new Date('2026-11-03T12:00:00.000Z');
const at = (offsetMs: number): Date => new Date(now.getTime() + offsetMs);
const digest = 'd'.repeat(64);
const hourMs = 3_600_000;

function person(no: number, changes: Partial<Operator> = {}): Operator {
  return {
    operatorId: `operator_${no}`,
    name: `Person ${no}`,
    email: `p${no}@example.org`,
    publicKey: `key ${no}`,
    passkeys: [],
    role: 'operator',
    state: 'active',
    activeFrom: at(-48 * hourMs),
    addedBy: null,
    ...changes,
  };
}

function yes(operator: Operator, changes: Partial<GivenApproval> = {}): GivenApproval {
  const given = { givenAt: at(-hourMs), expiresAt: at(hourMs), isGenuine: true };
  return { operator, digest, decision: 'approve', ...given, ...changes };
}

const question: QuorumQuestion = { required: 2, digest, decision: 'approve', author: person(9), now };

function isMet(approvals: readonly GivenApproval[], changes: Partial<QuorumQuestion> = {}): boolean {
  return countQuorum(approvals, { ...question, ...changes }).kind === 'met';
}

describe('two people', () => {
  test('are enough, and the quorum lasts until the first of their approvals expires', () => {
    const quorum = countQuorum([yes(person(1)), yes(person(2), { expiresAt: at(5) })], question);
    expect(quorum).toEqual({ kind: 'met', by: ['operator_1', 'operator_2'], until: at(5) });
  });

  test('are not reached by one person, twice or under two accounts', () => {
    expect(isMet([yes(person(1)), yes(person(1))])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2, { publicKey: 'key 1' }))])).toBe(false);
    const [one, two] = [person(1, { passkeys: ['phone', 'blue'] }), person(2, { passkeys: ['red', 'phone'] })];
    expect(isMet([yes(one), yes(two)])).toBe(false);
    expect(isMet([yes(one), yes(person(2, { passkeys: ['red'] }))])).toBe(true);
    expect(isMet([yes(person(1)), yes(person(2, { email: 'P1@Example.ORG' }))])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2))])).toBe(true);
  });

  test('do not include the author, nor another account of the author', () => {
    expect(isMet([yes(person(1)), yes(person(9))])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2, { email: 'P9@example.org' }))])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2, { publicKey: 'key 9' }))])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(9))], { author: null })).toBe(true);
  });

  test('are found among three of whom two are one person', () => {
    const twin = person(2, { email: 'p1@example.org' });
    expect(isMet([yes(person(1)), yes(twin), yes(person(3))])).toBe(true);
  });

  test('say yes to this digest and this decision, not to another', () => {
    expect(isMet([yes(person(1)), yes(person(2), { digest: 'e'.repeat(64) })])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2), { decision: 'resume-epoch-1' })])).toBe(false);
  });

  test('are active at this moment: whoever is removed, suspended or not yet admitted takes the yes along', () => {
    for (const state of ['pending', 'suspended', 'removed'] satisfies OperatorState[]) {
      expect(isMet([yes(person(1)), yes(person(2, { state }))])).toBe(false);
    }
    expect(isMet([yes(person(1)), yes(person(2, { activeFrom: at(1) }))])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2, { activeFrom: at(-1) }))])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2, { activeFrom: at(-hourMs) }))])).toBe(true);
  });

  test('are of a role that may approve: the signed yes of an agent or an auditor counts for nothing', () => {
    for (const decision of ['approve', 'resume-epoch-3', 'add-operator', 'suspend-operator'] satisfies Decision[]) {
      for (const role of ['agent', 'auditor'] satisfies Role[]) {
        expect(isMet([yes(person(1), { decision }), yes(person(2, { role }), { decision })], { decision })).toBe(false);
      }
      expect(
        isMet([yes(person(1), { decision }), yes(person(2, { role: 'approver' }), { decision })], { decision }),
      ).toBe(true);
    }
  });

  test('gave an approval that has not expired and is not older than a day', () => {
    expect(isMet([yes(person(1)), yes(person(2), { expiresAt: at(0) })])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2), { expiresAt: at(1) })])).toBe(true);
    const old = { expiresAt: at(hourMs) };
    expect(isMet([yes(person(1)), yes(person(2), { ...old, givenAt: at(-maxApprovalMs) })])).toBe(false);
    expect(isMet([yes(person(1)), yes(person(2), { ...old, givenAt: at(1 - maxApprovalMs) })])).toBe(true);
  });

  test('are not reached by a row whose signature does not verify', () => {
    expect(isMet([yes(person(1)), yes(person(2), { isGenuine: false })])).toBe(false);
  });
});

describe('one person', () => {
  test('is enough where one is required, and nobody is not', () => {
    expect(isMet([yes(person(1))], { required: 1 })).toBe(true);
    expect(isMet([], { required: 1 })).toBe(false);
    expect(isMet([yes(person(9))], { required: 1 })).toBe(false);
    expect(countQuorum([yes(person(1))], question)).toEqual({ kind: 'missing', have: 1, required: 2 });
  });
});

/** Small ranges, so that people, keys, addresses and moments collide often. */
const anyOperator = fc
  .record({
    no: fc.integer({ min: 1, max: 6 }),
    key: fc.integer({ min: 1, max: 6 }),
    email: fc.integer({ min: 1, max: 6 }),
    passkeys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 2 }),
    state: fc.constantFrom<OperatorState>(
      'active',
      'active',
      'active',
      'active',
      'active',
      'active',
      'pending',
      'suspended',
      'removed',
    ),
    activeHours: fc.constantFrom<number | null>(-48, -48, -48, -48, -1, 0, 1, null),
    role: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom<Role>('operator', 'approver') },
      { weight: 1, arbitrary: fc.constantFrom<Role>('agent', 'auditor') },
    ),
  })
  .map(({ no, key, email, passkeys, state, activeHours, role }) =>
    person(no, {
      // Some have passkeys alone, and are not one person for that.
      publicKey: key === 1 ? null : `key ${key}`,
      passkeys,
      role,
      email: `${no % 2 === 0 ? 'p' : 'P'}${email}@example.org`,
      state,
      activeFrom: activeHours === null ? null : at(activeHours * hourMs),
    }),
  );

const anyApproval = fc
  .record({
    operator: anyOperator,
    digest: fc.constantFrom(digest, digest, digest, digest, digest, 'e'.repeat(64)),
    decision: fc.constantFrom<Decision>('approve', 'approve', 'approve', 'approve', 'resume-epoch-2'),
    givenHours: fc.constantFrom(-25, -24, -23, -2, -2, -1),
    expiresHours: fc.constantFrom(-1, 0, 1, 12, 12, 12),
    isGenuine: fc.constantFrom(true, true, true, true, true, false),
  })
  .map(({ givenHours, expiresHours, ...rest }): GivenApproval => {
    return { ...rest, givenAt: at(givenHours * hourMs), expiresAt: at(expiresHours * hourMs) };
  });

test('whatever approvals there are, a quorum of two is two living, distinct, unexpired people who are not the author', () => {
  let met = 0;
  fc.assert(
    fc.property(fc.array(anyApproval, { maxLength: 12, size: 'max' }), anyOperator, (approvals, author) => {
      const quorum = countQuorum(approvals, { ...question, author });
      const sound = approvals.filter(
        (one) =>
          one.isGenuine &&
          one.digest === digest &&
          one.decision === 'approve' &&
          isActive(one.operator, now) &&
          (one.operator.role === 'operator' || one.operator.role === 'approver') &&
          one.operator.activeFrom! <= one.givenAt &&
          one.expiresAt.getTime() > now.getTime() &&
          one.givenAt.getTime() > now.getTime() - 24 * hourMs &&
          !overlap(one.operator, author),
      );
      const pairs = sound.flatMap((left) => sound.filter((right) => !overlap(left.operator, right.operator)));
      expect(quorum.kind === 'met').toBe(pairs.length > 0);
      if (quorum.kind === 'met') {
        met += 1;
        expect(new Set(quorum.by).size).toBe(2);
        expect(quorum.until.getTime()).toBeGreaterThan(now.getTime());
      }
    }),
    { numRuns: 10_000, seed: 2014 },
  );
  // Both answers were really asked for.
  expect(met).toBeGreaterThan(100);
});

/** Written apart from the code under test. */
function overlap(left: Operator, right: Operator): boolean {
  const marks = (one: Operator): string[] => [
    one.operatorId,
    ...(one.publicKey === null ? [] : [one.publicKey]),
    one.email.toUpperCase(),
    ...one.passkeys.map((key) => `passkey ${key}`),
  ];
  return marks(left).some((mark) => marks(right).includes(mark));
}
