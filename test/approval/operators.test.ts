import { beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { SigningKey } from '../../src/adapters/crypto/signing-key.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import { checkQuorum } from '../../src/app/approval/check-quorum.ts';
import type { RecordedApproval, SubjectFacts } from '../../src/app/approval/record-approval.ts';
import { addOperator } from '../../src/app/operator/add-operator.ts';
import type { AddedOperator } from '../../src/app/operator/add-operator.ts';
import { authenticateToken } from '../../src/app/operator/authenticate-token.ts';
import { decideOperator } from '../../src/app/operator/decide-operator.ts';
import type { OperatorDecision } from '../../src/app/operator/decide-operator.ts';
import { issueToken } from '../../src/app/operator/issue-token.ts';
import type { IssuedToken } from '../../src/app/operator/make-token.ts';
import { listTokens, revokeToken } from '../../src/app/operator/revoke-token.ts';
import type { ApprovalStatement, Decision } from '../../src/domain/approval/approval-statement.ts';
import type { Operator } from '../../src/domain/approval/operator.ts';
import { operatorRecord } from '../../src/domain/approval/operator.ts';
import type { Role } from '../../src/domain/approval/role.ts';
import type { Quorum } from '../../src/domain/approval/quorum.ts';
import type { OperatorId } from '../../src/domain/shared/ids.ts';
import { makeLedgerWorld, migratedDatabase } from '../support/ledger-world.ts';
import type { LedgerWorld } from '../support/ledger-world.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
const directory = 'chirp';
const planDigest = digests.sha256('the plan');
let url: string;
let world: LedgerWorld;
let hasAnyPlan: boolean;
let hasAnyRollout: boolean;
let facts: SubjectFacts;

interface Person {
  readonly operator: Operator;
  readonly key: SigningKey;
  readonly token: string;
}

beforeAll(async () => {
  url = await migratedDatabase(await postgres.freshDatabase());
});

beforeEach(async () => {
  world = await makeLedgerWorld(url);
  hasAnyPlan = false;
  hasAnyRollout = false;
  facts = { digest: planDigest, total: 12, directory, decisions: ['approve'], author: null };
});

afterEach(async () => {
  expect((await world.verify()).findings).toEqual([]);
  await world.pool.query(
    `TRUNCATE deployment, operator, ledger_entry, ledger_head, ledger_anchored, ledger_personal RESTART IDENTITY CASCADE`,
  );
  await world.close();
});

function deps() {
  return {
    store: world.store,
    digests,
    signatures,
    deploymentId: world.deploymentId,
    directory,
    hasAnyPlan: () => Promise.resolve(hasAnyPlan),
    hasAnyRollout: () => Promise.resolve(hasAnyRollout),
    readSubject: () => Promise.resolve(facts),
  };
}

function add(
  name: string,
  by: 'local' | OperatorId,
  key = makeSigningKey(),
  email = `${name}@example.org`,
  role: Role = 'operator',
) {
  return addOperator(deps(), { name, email, publicKey: key.publicKey, role, by });
}

/** Somebody of this role, proposed by the first and admitted by both. */
async function admitted(name: string, role: Role, [ada, bo]: readonly [Person, Person]): Promise<Person> {
  const key = makeSigningKey();
  const { operator } = await add(name, ada.operator.operatorId, key, `${name}@example.org`, role);
  await decide(ada, { operator }, 'add-operator');
  expect((await decide(bo, { operator }, 'add-operator')).kind).toBe('admitted');
  return { operator, key, token: '' };
}

function tokenRequest(of: Person, changes: object = {}): string {
  return digests.canonical({
    deployment: world.deploymentId,
    operator: of.operator.operatorId,
    purpose: 'token',
    scope: 'full',
    hours: 1,
    nonce: digests.randomHex(16),
    expiry: new Date(Date.now() + 60_000).toISOString(),
    ...changes,
  });
}

function issueTo(of: Person, changes: object = {}): Promise<IssuedToken> {
  const text = tokenRequest(of, changes);
  return issueToken(deps(), text, of.key.sign(text));
}

async function eventsOf(event: string): Promise<readonly unknown[]> {
  const entries = await world.store.transact((tx) => tx.ledger.read('installation', 0, 100));
  return entries.filter((entry) => entry.event === event).map((entry) => entry.body);
}

async function firstTwo(): Promise<[Person, Person]> {
  return [await local('ada'), await local('bo')];
}

async function local(name: string): Promise<Person> {
  const key = makeSigningKey();
  const { operator, token } = await add(name, 'local', key);
  return { operator, key, token: token!.token };
}

function signed(by: Person, digest: string, changes: Partial<ApprovalStatement> = {}) {
  const statement = digests.canonical({
    deployment: world.deploymentId,
    directory,
    digest,
    total: 12,
    decision: 'approve',
    nonce: digests.randomHex(16),
    expiry: new Date(Date.now() + 60_000).toISOString(),
    ...changes,
  });
  return { statement, signature: by.key.sign(statement), operatorId: by.operator.operatorId };
}

function approve(by: Person, changes: Partial<ApprovalStatement> = {}): Promise<RecordedApproval> {
  return approveSubject(deps(), { subject: 'plan_7', ...signed(by, planDigest, changes) });
}

function quorum(digest: string = planDigest): Promise<Quorum> {
  const input = { subject: 'plan_7', digest, decision: 'approve', required: 2, author: facts.author } as const;
  return world.store.transact((tx) => checkQuorum(deps(), tx, input));
}

function decide(
  by: Person,
  { operator }: Pick<AddedOperator, 'operator'>,
  decision: Decision,
): Promise<OperatorDecision> {
  const digest = digests.sha256(digests.canonical(operatorRecord(world.deploymentId, operator)));
  return decideOperator(deps(), { subject: operator.operatorId, ...signed(by, digest, { decision, total: 1 }) });
}

describe('operators', () => {
  test('the first two are made locally, a third is not', async () => {
    await firstTwo();
    await expect(add('cy', 'local')).rejects.toMatchObject({ code: 'needs-approval' });
  });

  test('are not made locally once there is a plan', async () => {
    await local('ada');
    hasAnyPlan = true;
    await expect(add('bo', 'local')).rejects.toMatchObject({ code: 'needs-approval' });
  });

  test('never number three by starting three at the same moment', async () => {
    const added = await Promise.allSettled(['ada', 'bo', 'cy', 'di'].map((name) => add(name, 'local')));
    expect(added.filter((one) => one.status === 'fulfilled')).toHaveLength(2);
  });

  test('with the same key or the same address are one person and refused', async () => {
    const key = makeSigningKey();
    await add('ada', 'local', key);
    await expect(add('bo', 'local', key)).rejects.toMatchObject({ code: 'conflict' });
    await expect(add('bo', 'local', makeSigningKey(), 'ADA@example.org')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('with an unreadable key, a hostile name or no address are refused', async () => {
    const publicKey = makeSigningKey().publicKey;
    const fit = { name: 'ada', email: 'ada@example.org', publicKey, role: 'operator' as const, by: 'local' as const };
    for (const unfit of [{ publicKey: 'x' }, { name: '\u001b[2J' }, { name: ' ' }, { email: 'nobody' }]) {
      await expect(addOperator(deps(), { ...fit, ...unfit })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  test('after the first two need a yes from two others, and then act at once while no rollout ever ran', async () => {
    const [ada, bo] = await firstTwo();
    const cy = await add('cy', ada.operator.operatorId);
    expect(cy).toMatchObject({ token: null, operator: { state: 'pending' } });
    expect(await decide(ada, cy, 'add-operator')).toEqual({ kind: 'waiting', decision: 'add-operator' });
    expect(await decide(ada, cy, 'add-operator')).toEqual({ kind: 'refused', reason: 'already-approved' });
    expect(await decide(bo, cy, 'add-operator')).toMatchObject({ kind: 'admitted' });
    expect(await decide(bo, cy, 'add-operator')).toEqual({ kind: 'refused', reason: 'wrong-decision' });
    const [admitted] = (await world.store.transact((tx) => tx.operators.list())).slice(-1);
    expect(admitted).toMatchObject({ operatorId: cy.operator.operatorId, state: 'active' });
  });

  test('who are new wait a day before their word counts, once a rollout ran', async () => {
    const [ada, bo] = await firstTwo();
    hasAnyRollout = true;
    const key = makeSigningKey();
    const { operator } = await add('cy', ada.operator.operatorId, key);
    await decide(ada, { operator }, 'add-operator');
    const admitted = await decide(bo, { operator }, 'add-operator');
    const now = await world.store.transact((tx) => tx.approvals.now());
    expect(admitted.kind === 'admitted' && admitted.activeFrom.getTime() - now.getTime()).toBeGreaterThan(
      23 * 3_600_000,
    );
    expect(await approve({ operator, key, token: '' })).toEqual({ kind: 'refused', reason: 'not-an-active-operator' });
  });

  test('who are pending cannot admit themselves', async () => {
    const [ada] = await firstTwo();
    const key = makeSigningKey();
    const { operator } = await add('cy', ada.operator.operatorId, key);
    const own = await decide({ operator, key, token: '' }, { operator }, 'add-operator');
    expect(own).toEqual({ kind: 'refused', reason: 'not-an-active-operator' });
  });

  test('are suspended by two others, and their token and their pending yes go with them', async () => {
    const [ada, bo] = await firstTwo();
    const key = makeSigningKey();
    const { operator } = await add('cy', ada.operator.operatorId, key);
    await decide(ada, { operator }, 'add-operator');
    await decide(bo, { operator }, 'add-operator');
    await approve(ada);
    await approve(bo);
    expect((await quorum()).kind).toBe('met');

    expect(await decide(bo, bo, 'suspend-operator')).toEqual({ kind: 'refused', reason: 'author-cannot-approve' });
    expect((await decide(ada, bo, 'suspend-operator')).kind).toBe('waiting');
    expect((await authenticateToken(deps(), bo.token)).operator.operatorId).toBe(bo.operator.operatorId);
    expect((await decide({ operator, key, token: '' }, bo, 'suspend-operator')).kind).toBe('suspended');

    await expect(authenticateToken(deps(), bo.token)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await quorum()).toEqual({ kind: 'missing', have: 1, required: 2 });
  });
});

describe('tokens', () => {
  test('tell who came, are stored as a digest only, and a wrong one tells nothing', async () => {
    const [ada] = await firstTwo();
    expect((await authenticateToken(deps(), ada.token)).operator.operatorId).toBe(ada.operator.operatorId);
    const { rows } = await world.pool.query('SELECT t::text AS row FROM operator_token t');
    expect(JSON.stringify(rows)).not.toContain(ada.token.slice(4));
    for (const wrong of ['', 'act_', `${ada.token}0`, digests.sha256(ada.token)]) {
      await expect(authenticateToken(deps(), wrong)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });

  test('end after thirty days', async () => {
    const [ada] = await firstTwo();
    await world.pool.query(`UPDATE operator_token SET expires_at = expires_at - interval '30 days'`);
    await expect(authenticateToken(deps(), ada.token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('are given for one signed request once, and for nobody else’s', async () => {
    const [ada, bo] = await firstTwo();
    const request = (changes: object = {}): string => tokenRequest(ada, changes);
    const text = request();
    const issued = await issueToken(deps(), text, ada.key.sign(text));
    expect((await authenticateToken(deps(), issued.token)).operator.operatorId).toBe(ada.operator.operatorId);
    await expect(issueToken(deps(), text, ada.key.sign(text))).rejects.toMatchObject({ code: 'unauthenticated' });
    const refused = [
      [request(), bo.key],
      [request({ deployment: 'dep_other' }), ada.key],
      [request({ operator: 'operator_99' }), ada.key],
      [request({ expiry: new Date(Date.now() - 60_000).toISOString() }), ada.key],
      [request({ expiry: new Date(Date.now() + 3_600_000).toISOString() }), ada.key],
      [request({ more: 1 }), ada.key],
      [request({ scope: 'everything' }), ada.key],
      [request({ scope: 'read halt' }), ada.key],
      [request({ scope: '' }), ada.key],
      [request({ hours: 0 }), ada.key],
      [request({ hours: 721 }), ada.key],
      [request({ hours: 1.5 }), ada.key],
    ] as const;
    for (const [wrong, key] of refused) {
      await expect(issueToken(deps(), wrong, key.sign(wrong))).rejects.toMatchObject({ code: 'unauthenticated' });
    }
  });
});

describe('tokens for less', () => {
  test('carry the scope and end at the hour that were signed, whoever sends the request', async () => {
    const [ada] = await firstTwo();
    const { token, expiresAt } = await issueTo(ada, { scope: 'halt read', hours: 2 });
    expect((await authenticateToken(deps(), token)).scope).toEqual(['halt', 'read']);
    expect(Math.abs(expiresAt.getTime() - Date.now() - 2 * 3_600_000)).toBeLessThan(600_000);
    await world.pool.query(`UPDATE operator_token SET expires_at = expires_at - interval '2 hours'`);
    await expect(authenticateToken(deps(), token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('with a scope that was written past us carry nothing', async () => {
    const [ada] = await firstTwo();
    const { token } = await issueTo(ada, { scope: 'read' });
    await world.pool.query(`UPDATE operator_token SET scope = 'read everything'`);
    expect((await authenticateToken(deps(), token)).scope).toEqual([]);
  });

  test('are revoked by their holder or by who manages them, and by nobody else; each with its entry', async () => {
    const [ada, bo] = await firstTwo();
    const [mine, his] = [await issueTo(ada), await issueTo(bo)];
    const by = ada.operator.operatorId;
    await expect(revokeToken(deps(), { token: his.id, by, mayManage: false })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(revokeToken(deps(), { token: 'token_99', by, mayManage: true })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect((await authenticateToken(deps(), his.token)).operator.operatorId).toBe(bo.operator.operatorId);
    expect(await revokeToken(deps(), { token: mine.id, by, mayManage: false })).toBe(true);
    expect(await revokeToken(deps(), { token: his.id, by, mayManage: true })).toBe(true);
    expect(await revokeToken(deps(), { token: his.id, by, mayManage: true })).toBe(false);
    for (const { token } of [mine, his]) {
      await expect(authenticateToken(deps(), token)).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    expect(await eventsOf('operator.token-revoked')).toEqual([
      { operator: by, token: mine.id, by },
      { operator: bo.operator.operatorId, token: his.id, by },
    ]);
    expect(await eventsOf('operator.token-issued')).toHaveLength(4);
  });

  test('are listed without what they are, with the hour of their last use and no finer', async () => {
    const [ada, bo] = await firstTwo();
    const { id, token } = await issueTo(ada, { scope: 'read' });
    expect((await authenticateToken(deps(), token)).isFirstOfHour).toBe(true);
    await world.store.transact((tx) => tx.operators.noteTokenUse(id));
    expect((await authenticateToken(deps(), token)).isFirstOfHour).toBe(false);
    const [newest, ...older] = await listTokens(deps(), ada.operator.operatorId);
    expect(newest).toMatchObject({ token: id, scope: ['read'] });
    expect(newest!.lastUsedAt!.getTime() % 3_600_000).toBe(0);
    expect(older.map((one) => [one.scope, one.lastUsedAt])).toEqual([[['full'], null]]);
    expect(JSON.stringify(await listTokens(deps(), null))).not.toContain(token);
    expect(await listTokens(deps(), bo.operator.operatorId)).toHaveLength(1);
    expect(await listTokens(deps(), null)).toHaveLength(3);
    await revokeToken(deps(), { token: id, by: ada.operator.operatorId, mayManage: false });
    expect(await listTokens(deps(), null)).toHaveLength(2);
  });

  test('are known as used without waiting for anybody who holds their row', async () => {
    const [ada] = await firstTwo();
    const { id, token } = await issueTo(ada);
    const client = await world.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM operator_token WHERE no = $1 FOR UPDATE', [Number(id.slice(6))]);
      await world.store.transact((tx) => tx.operators.noteTokenUse(id));
      expect((await authenticateToken(deps(), token)).isFirstOfHour).toBe(true);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

describe('roles', () => {
  test('of the first two are operator: others could not propose a third', async () => {
    await expect(add('ada', 'local', makeSigningKey(), 'ada@example.org', 'auditor')).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('are part of what two people sign: a role changed after the first yes needs two again', async () => {
    const [ada, bo] = await firstTwo();
    const { operator } = await add('cy', ada.operator.operatorId, makeSigningKey(), 'cy@example.org', 'auditor');
    expect((await decide(ada, { operator }, 'add-operator')).kind).toBe('waiting');
    await world.pool.query(`UPDATE operator SET role = 'operator' WHERE no = 3`);
    expect(await decide(bo, { operator }, 'add-operator')).toEqual({ kind: 'refused', reason: 'digest-mismatch' });
    const changed = { ...operator, role: 'operator' as const };
    expect((await decide(bo, { operator: changed }, 'add-operator')).kind).toBe('waiting');
    const added = await eventsOf('operator.proposed');
    expect(added).toMatchObject([{ role: 'auditor' }]);
  });

  test('of an agent and an auditor say no yes, also not with a genuine signature written into the table', async () => {
    const both = await firstTwo();
    const [ada] = both;
    await approve(ada);
    for (const role of ['agent', 'auditor'] as const) {
      const person = await admitted(role, role, both);
      expect(await approve(person)).toEqual({ kind: 'refused', reason: 'role-cannot-approve' });
      const { statement, signature, operatorId } = signed(person, planDigest);
      await world.store.transact(async (tx) => {
        const givenAt = await tx.approvals.now();
        const { nonce, expiry } = JSON.parse(statement) as ApprovalStatement;
        const expiresAt = new Date(expiry);
        const row = {
          digest: planDigest,
          decision: 'approve',
          statement,
          signature,
          assertion: null,
          nonce,
          givenAt,
          expiresAt,
        } as const;
        await tx.approvals.add({ subject: 'plan_7', operatorId, ...row });
      });
      expect(await quorum()).toEqual({ kind: 'missing', have: 1, required: 2 });
    }
    const approver = await admitted('cy', 'approver', both);
    expect((await approve(approver)).kind).toBe('approved');
    expect(await quorum()).toMatchObject({ kind: 'met', by: ['operator_1', approver.operator.operatorId] });
  });

  test('of an approver propose nobody, and decide about who is proposed', async () => {
    const both = await firstTwo();
    const approver = await admitted('cy', 'approver', both);
    await expect(add('di', approver.operator.operatorId)).rejects.toMatchObject({ code: 'forbidden' });
    const { operator } = await add('di', both[0].operator.operatorId, makeSigningKey(), 'di@example.org', 'agent');
    await decide(both[0], { operator }, 'add-operator');
    expect((await decide(approver, { operator }, 'add-operator')).kind).toBe('admitted');
  });
});

describe('approvals of a plan', () => {
  test('by two people are a quorum, whole in the ledger with statement and signature', async () => {
    const [ada, bo] = await firstTwo();
    expect(await approve(ada)).toMatchObject({ kind: 'approved', decision: 'approve' });
    expect((await quorum()).kind).toBe('missing');
    expect(await approve(bo)).toMatchObject({ kind: 'approved' });
    expect(await quorum()).toMatchObject({ kind: 'met', by: [ada.operator.operatorId, bo.operator.operatorId] });
    const entries = await world.store.transact((tx) => tx.ledger.read('installation', 0, 100));
    const yes = entries.filter((entry) => entry.event === 'plan.approved');
    expect(yes).toHaveLength(2);
    for (const { body } of yes) {
      const { publicKey, statement, signature } = body as Record<string, string>;
      expect(signatures.verify(publicKey!, statement!, signature!)).toBe(true);
    }
  });

  test('by the author are refused, also when the author signs through another session', async () => {
    const [ada, bo] = await firstTwo();
    facts = { ...facts, author: ada.operator.operatorId };
    expect(await approve(ada)).toEqual({ kind: 'refused', reason: 'author-cannot-approve' });
    const stolen = { ...signed(ada, planDigest), operatorId: bo.operator.operatorId };
    const answer = await approveSubject(deps(), { subject: 'plan_7', ...stolen });
    expect(answer).toEqual({ kind: 'refused', reason: 'signature-invalid' });
  });

  test('are void for a digest with one bit changed', async () => {
    const [ada, bo] = await firstTwo();
    await approve(ada);
    await approve(bo);
    expect((await quorum(digests.sha256('the plan.'))).kind).toBe('missing');
  });

  test('that were written into the table, or changed in it, count for nothing', async () => {
    const [ada, bo] = await firstTwo();
    await approve(ada);
    await approve(bo);
    await world.pool.query(`UPDATE approval SET expires_at = expires_at + interval '1 second' WHERE operator_no = 2`);
    expect(await quorum()).toEqual({ kind: 'missing', have: 1, required: 2 });
    await world.pool.query(
      `INSERT INTO approval (subject, digest, decision, operator_no, statement, signature, nonce, given_at, expires_at)
       SELECT subject, digest, decision, 2, statement, signature, 'planted', given_at, expires_at
       FROM approval WHERE operator_no = 1`,
    );
    expect(await quorum()).toEqual({ kind: 'missing', have: 1, required: 2 });
  });

  test('given twice at the same moment by one person are recorded once', async () => {
    const [ada] = await firstTwo();
    const answers = await Promise.all([approve(ada), approve(ada), approve(ada)]);
    expect(answers.filter((one) => one.kind === 'approved')).toHaveLength(1);
  });

  test('cannot be sent a second time', async () => {
    const [ada, bo] = await firstTwo();
    const nonce = 'ab'.repeat(16);
    expect((await approve(ada, { nonce })).kind).toBe('approved');
    expect(await approve(bo, { nonce })).toEqual({ kind: 'refused', reason: 'nonce-reused' });
  });
});
