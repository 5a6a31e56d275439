import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { beginRoles } from '../../src/app/operator/begin-roles.ts';
import { decideOperator } from '../../src/app/operator/decide-operator.ts';
import type { OperatorDecision } from '../../src/app/operator/decide-operator.ts';
import type { Decision } from '../../src/domain/approval/approval-statement.ts';
import { operatorRecord } from '../../src/domain/approval/operator.ts';
import { givesMore } from '../../src/domain/approval/role.ts';
import type { OperatorId } from '../../src/domain/shared/ids.ts';
import { Campaign } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
let campaign: Campaign;
let hasAnyRollout = true;
const ada = 'operator_1' as const;
const cy = 'operator_3' as const;

beforeAll(async () => {
  campaign = await Campaign.begin(await postgres.freshDatabase());
});
beforeEach(async () => {
  hasAnyRollout = true;
  await campaign.pool.query('DELETE FROM approval');
  await campaign.pool.query(`UPDATE operator SET role = 'operator', next_role = NULL, next_role_from = NULL`);
});
afterAll(() => campaign.end());

async function say(who: 0 | 1 | 2, about: OperatorId, decision: Decision): Promise<OperatorDecision> {
  const target = await campaign.store.transact((tx) => tx.operators.read(about));
  if (target === null) throw new Error(`there is no ${about}`);
  const person = campaign.people[who];
  const statement = digests.canonical({
    deployment: campaign.deploymentId,
    directory: campaign.directory.name,
    digest: digests.sha256(digests.canonical(operatorRecord(campaign.deploymentId, target))),
    total: 1,
    decision,
    nonce: randomBytes(16).toString('hex'),
    expiry: new Date(Date.now() + 3_600_000).toISOString(),
  });
  return decideOperator(
    { ...campaign.deps, directory: campaign.directory.name, hasAnyRollout: () => Promise.resolve(hasAnyRollout) },
    { subject: about, statement, signature: person.key.sign(statement), operatorId: person.id },
  );
}

const roleOf = async (id: OperatorId) => (await campaign.store.transact((tx) => tx.operators.read(id)))?.role;
const bothSay = async (about: OperatorId, decision: Decision): Promise<OperatorDecision> => {
  expect((await say(0, about, decision)).kind).toBe('waiting');
  return say(1, about, decision);
};

describe('another role', () => {
  test('is given by two others, and takes away at once', async () => {
    expect(await say(2, cy, 'change-role-auditor')).toEqual({ kind: 'refused', reason: 'author-cannot-approve' });
    expect((await bothSay(cy, 'change-role-auditor')).kind).toBe('role-agreed');
    expect(await roleOf(cy)).toBe('auditor');
    expect(await say(2, ada, 'suspend-operator')).toEqual({ kind: 'refused', reason: 'role-cannot-approve' });
  });

  test('that gives more begins a day later, and not because somebody asks sooner', async () => {
    await campaign.pool.query(`UPDATE operator SET role = 'auditor' WHERE no = 3`);
    const agreed = await bothSay(cy, 'change-role-approver');
    expect(agreed).toMatchObject({ kind: 'role-agreed', role: 'approver' });
    expect(await beginRoles(campaign)).toBe(0);
    expect(await roleOf(cy)).toBe('auditor');
    await campaign.pool.query(`UPDATE operator SET next_role_from = next_role_from - interval '1 day'`);
    expect(await beginRoles(campaign)).toBe(1);
    expect(await roleOf(cy)).toBe('approver');
    expect(await beginRoles(campaign)).toBe(0);
    expect(await campaign.ledgerEvents()).toEqual(
      expect.arrayContaining(['operator.role-agreed', 'operator.role-changed']),
    );
  });

  test('that gives more begins at once while nothing ever ran', async () => {
    hasAnyRollout = false;
    await campaign.pool.query(`UPDATE operator SET role = 'agent' WHERE no = 3`);
    await bothSay(cy, 'change-role-operator');
    expect(await roleOf(cy)).toBe('operator');
  });

  test('can be taken back by two within the day, and never begins for whoever was suspended', async () => {
    await campaign.pool.query(`UPDATE operator SET role = 'agent' WHERE no = 3`);
    expect(await say(0, cy, 'change-role-agent')).toEqual({ kind: 'refused', reason: 'wrong-decision' });
    await bothSay(cy, 'change-role-operator');
    await bothSay(cy, 'change-role-agent');
    await campaign.pool.query(`UPDATE operator SET next_role = 'operator', next_role_from = now() WHERE no = 3`);
    await campaign.pool.query(`UPDATE operator SET state = 'suspended' WHERE no = 3`);
    expect(await beginRoles(campaign)).toBe(0);
    expect(await roleOf(cy)).toBe('agent');
    await campaign.pool.query(`UPDATE operator SET state = 'active' WHERE no = 3`);
  });

  test('that two took back does not come again by one yes and the old ones', async () => {
    await campaign.pool.query(`UPDATE operator SET role = 'agent' WHERE no = 3`);
    await bothSay(cy, 'change-role-operator');
    await bothSay(cy, 'change-role-agent');
    expect((await say(0, cy, 'change-role-operator')).kind).toBe('waiting');
    expect(await say(0, cy, 'change-role-operator')).toEqual({ kind: 'refused', reason: 'already-approved' });
    expect((await say(1, cy, 'change-role-operator')).kind).toBe('role-agreed');
  });

  test('is not taken under a signature that was given while they had another one', async () => {
    expect((await say(0, cy, 'change-role-auditor')).kind).toBe('waiting');
    await campaign.pool.query(`UPDATE operator SET role = 'approver' WHERE no = 3`);
    expect((await say(1, cy, 'change-role-auditor')).kind).toBe('waiting');
    expect(await roleOf(cy)).toBe('approver');
  });

  test('gives more exactly where something may be done that could not before', () => {
    expect([
      givesMore('operator', 'approver'),
      givesMore('approver', 'operator'),
      givesMore('auditor', 'approver'),
      givesMore('agent', 'auditor'),
      // An agent answers appeals, an auditor never.
      givesMore('auditor', 'agent'),
      givesMore('operator', 'agent'),
    ]).toEqual([false, true, true, true, true, false]);
  });
});
