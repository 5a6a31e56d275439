import { describe, expect, test } from 'vitest';
import { permissions, roleMay, roles, rolesWith } from '../../src/domain/approval/role.ts';
import type { Role } from '../../src/domain/approval/role.ts';
import { mayCall, parseScope, scopeText, tokenScopes } from '../../src/domain/approval/token-scope.ts';

/** What each role is for, written apart from the table: a wrong row there has to be made twice. */
const explainsAndHalts = [
  'account.explain',
  'appeal.read',
  'deployment.read',
  'halt',
  'plan.read',
  'rollout.pause',
  'rollout.read',
  'statement.read',
  'token.own',
  'session.own',
];
const reads = [
  ...explainsAndHalts,
  'correction.read',
  'evidence.read',
  'ledger.read',
  'ledger.verify',
  'operator.read',
  'plan.export',
  'retention.read',
  'retraction.read',
  'rollout.follow',
  'metrics.read',
  'feedback.read',
  'suppression.read',
  'drill.read',
];
const approves = [
  ...reads,
  'appeal.decide',
  'approval.give',
  'correction.send-holding',
  'operator.decide',
  'retraction.start',
  'rollout.resume',
  'plan.review',
  'drill.override',
];

const had = (role: string): readonly string[] => permissions.filter((one) => roleMay(role, one)).toSorted();

describe('a role', () => {
  test('may do what it is for, and nothing else', () => {
    expect(had('agent')).toEqual([...explainsAndHalts, 'appeal.decide'].toSorted());
    expect(had('auditor')).toEqual(reads.toSorted());
    expect(had('approver')).toEqual(approves.toSorted());
    expect(had('operator')).toEqual(permissions.toSorted());
  });

  test('that nobody knows may do nothing, and nobody may do what the table does not know', () => {
    for (const role of ['', 'admin', 'Operator', 'constructor', '__proto__']) expect(had(role)).toEqual([]);
    for (const unknown of ['', 'plan', 'plan.*', 'toString', 'constructor', 'plan.read ']) {
      expect(rolesWith(unknown)).toEqual([]);
      for (const role of roles) expect(roleMay(role, unknown)).toBe(false);
    }
  });

  test('halts, whichever it is', () => {
    expect(rolesWith('halt')).toEqual(roles);
  });
});

describe('the scope of a token', () => {
  test('never gives more than the role, and full gives no less', () => {
    for (const role of roles) {
      for (const permission of permissions) {
        expect(mayCall(role, ['full'], permission)).toBe(roleMay(role, permission));
        for (const scope of tokenScopes) {
          if (mayCall(role, [scope], permission)) expect(roleMay(role, permission)).toBe(true);
        }
      }
    }
  });

  test('of a dashboard reads no account, no list of accounts, no address, and changes nothing', () => {
    const may = permissions.filter((one) => mayCall('operator', ['read'], one));
    expect(may.filter((one) => !/\.(read|verify)$/.test(one))).toEqual([]);
    for (const no of ['account.explain', 'appeal.read', 'plan.export', 'operator.read']) expect(may).not.toContain(no);
  });

  test('of an alarm halts, of a pipeline drafts, and neither approves or starts', () => {
    const may = (scope: 'halt' | 'draft') => permissions.filter((one) => mayCall('operator', [scope], one));
    expect(may('halt').toSorted()).toEqual(['halt', 'rollout.pause', 'rollout.read']);
    expect(may('draft')).toContain('plan.draft');
    for (const no of ['approval.give', 'rollout.start', 'retraction.start', 'halt', 'token.own', 'operator.propose']) {
      expect(may('draft')).not.toContain(no);
    }
  });

  test('whoever may halt by it may pause by it, and lifts neither alone by an alarm’s', () => {
    for (const scope of ['full', 'halt', 'read', 'draft', 'identified'] as const)
      expect(mayCall('agent', [scope], 'rollout.pause')).toBe(mayCall('agent', [scope], 'halt'));
    expect(mayCall('operator', ['halt'], 'rollout.resume')).toBe(false);
  });

  test('of nothing that we know gives nothing', () => {
    for (const scope of [[], ['everything'], ['full '], ['constructor']]) {
      for (const role of roles satisfies readonly Role[]) expect(mayCall(role, scope, 'halt')).toBe(false);
    }
  });

  test('has one text, and any other text is none', () => {
    expect(scopeText(['read', 'halt', 'read'])).toBe('halt read');
    expect(parseScope('halt read')).toEqual(['halt', 'read']);
    for (const wrong of ['', ' ', 'read halt', 'halt  read', 'halt halt', 'halt,read', 'halt write', 'FULL', 'full ']) {
      expect(parseScope(wrong), wrong).toBeNull();
    }
  });
});
