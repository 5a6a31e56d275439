import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { checkQuorum } from '../../src/app/approval/check-quorum.ts';
import type { Quorum } from '../../src/domain/approval/quorum.ts';
import { operatorRecord } from '../../src/domain/approval/operator.ts';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import type { RequestOptions } from '../support/software-authenticator.ts';
import { atOurs, withConsole } from './console-world.ts';
import type { Answer } from './console-world.ts';

const at = withConsole();
const codeOf = ({ body }: Answer): unknown => body['code'];

interface SignedIn {
  readonly cookie: string;
  readonly authenticator: SoftwareAuthenticator;
}
let ada: SignedIn;
let bo: SignedIn;

beforeEach(async () => {
  const { people, enrol, signIn } = at();
  const enrolled = async (who: 0 | 1): Promise<SignedIn> => {
    const authenticator = new SoftwareAuthenticator();
    expect((await enrol(people[who], authenticator)).status).toBe(200);
    return { authenticator, cookie: await signIn(authenticator) };
  };
  ada = await enrolled(0);
  bo = await enrolled(1);
});

afterEach(async () => {
  const { world } = at();
  await world.pool.query(`DELETE FROM approval`);
  await world.pool.query(`UPDATE passkey SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL`);
  expect((await world.verify()).findings).toEqual([]);
});

interface Offered {
  readonly statement: string;
  readonly publicKey: RequestOptions & { readonly allowCredentials: readonly { readonly id: string }[] };
}

function ask({ cookie }: SignedIn, change: Record<string, unknown> = {}): Promise<Answer> {
  const { digest, total } = at().facts;
  const body = { kind: 'plan', subject: 'plan_7', digest, total, decision: 'approve', ...change };
  return at().callSignedIn(cookie, 'POST', '/api/v1/approvals/options', body);
}

async function offered(person: SignedIn, change: Record<string, unknown> = {}): Promise<Offered> {
  const answer = await ask(person, change);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as unknown as Offered;
}

function send({ cookie }: SignedIn, body: Record<string, unknown>): Promise<Answer> {
  return at().callSignedIn(cookie, 'POST', '/api/v1/plans/plan_7/approvals', body);
}

async function sayYes(person: SignedIn): Promise<Answer> {
  const { statement, publicKey } = await offered(person);
  return send(person, { statement, assertion: person.authenticator.get(publicKey, atOurs) });
}

function quorum(): Promise<Quorum> {
  const { world, facts } = at();
  const deps = { digests, signatures, deploymentId: world.deploymentId };
  return world.store.transact((tx) =>
    checkQuorum(deps, tx, { subject: 'plan_7', digest: facts.digest, decision: 'approve', required: 2, author: null }),
  );
}

describe('a yes by passkey', () => {
  test('is to the very text that a key signs, and two of two people are a quorum', async () => {
    const { statement, publicKey } = await offered(ada);
    const { world, facts } = at();
    expect(digests.canonical(JSON.parse(statement))).toBe(statement);
    expect(JSON.parse(statement)).toMatchObject({
      deployment: world.deploymentId,
      directory: 'chirp',
      digest: facts.digest,
      total: 12,
      decision: 'approve',
    });
    expect(Buffer.from(publicKey.challenge, 'base64url').toString('hex')).toBe(digests.sha256(statement));
    expect(publicKey.allowCredentials.map((one) => one.id)).toContain(ada.authenticator.id);
    const assertion = ada.authenticator.get(publicKey, atOurs);
    expect((await send(ada, { statement, assertion })).status).toBe(200);
    expect(await quorum()).toMatchObject({ kind: 'missing', have: 1 });
    expect((await sayYes(bo)).status).toBe(200);
    expect(await quorum()).toMatchObject({ kind: 'met', by: ['operator_1', 'operator_2'] });
  });

  test('and one by key are a quorum as well', async () => {
    const { people, call } = at();
    await sayYes(ada);
    const { statement } = await offered(bo);
    const authorization = `Bearer ${people[1].token}`;
    const signed = { statement, signature: people[1].key.sign(statement) };
    expect((await call('POST', '/api/v1/plans/plan_7/approvals', signed, { authorization })).status).toBe(200);
    expect(await quorum()).toMatchObject({ kind: 'met' });
  });

  test('by key and by passkey of one person are one yes', async () => {
    const { people } = at();
    const { statement } = await offered(ada);
    await sayYes(ada);
    const again = await send(ada, { statement, signature: people[0].key.sign(statement) });
    expect(codeOf(again)).toBe('already-approved');
    expect(await quorum()).toMatchObject({ kind: 'missing', have: 1 });
  });

  test('is not taken for another text, page, host, person or without a verified user, nor a second time', async () => {
    const { statement, publicKey } = await offered(ada);
    const other = await offered(ada);
    const get = ada.authenticator.get.bind(ada.authenticator);
    const wrong: Record<string, unknown>[] = [
      { statement, assertion: get(other.publicKey, atOurs) },
      { statement: statement.replace('"total":12', '"total":13'), assertion: get(publicKey, atOurs) },
      { statement, assertion: get(publicKey, { origin: 'https://localhost:8470' }) },
      { statement, assertion: get(publicKey, { origin: 'http://localhost:8471' }) },
      { statement, assertion: get(publicKey, { ...atOurs, rpId: 'evil.example' }) },
      { statement, assertion: get(publicKey, { ...atOurs, isUserVerified: false }) },
      { statement, assertion: bo.authenticator.get(publicKey, atOurs) },
      { statement, assertion: new SoftwareAuthenticator().get(publicKey, atOurs) },
    ];
    for (const body of wrong) {
      const answer = await send(ada, body);
      expect([answer.status, codeOf(answer)]).toEqual([422, 'signature-invalid']);
    }
    // A session of one person carries nobody else's yes.
    const good = { statement, assertion: get(publicKey, atOurs) };
    expect(codeOf(await send(bo, good))).toBe('signature-invalid');
    expect((await send(ada, good)).status).toBe(200);
    expect(codeOf(await send(ada, good))).toBe('conflict');
    expect(codeOf(await send(ada, { statement }))).toBe('usage');
  });

  test('is refused before anybody touches a passkey where it would be refused after', async () => {
    const { facts } = at();
    expect(codeOf(await ask(ada, { total: 13 }))).toBe('total-mismatch');
    expect(codeOf(await ask(ada, { digest: 'e'.repeat(64) }))).toBe('digest-mismatch');
    expect(codeOf(await ask(ada, { decision: 'resume-epoch-1' }))).toBe('conflict');
    expect(codeOf(await ask(ada, { kind: 'retraction' }))).toBe('usage');
    facts.author = 'operator_1';
    expect(codeOf(await ask(ada))).toBe('author-cannot-approve');
    facts.author = null;
  });

  test.each([
    ['its passkey was revoked', `UPDATE passkey SET revoked_at = clock_timestamp() WHERE operator_no = 1`],
    ['its person was suspended', `UPDATE operator SET state = 'suspended' WHERE no = 1`],
    [
      'somebody gave it another key',
      `UPDATE passkey SET public_key = public_key || 'x' WHERE operator_no = 1 AND revoked_at IS NULL`,
    ],
    ['its answer was changed', `UPDATE approval SET client_data = authenticator_data WHERE operator_no = 1`],
    [
      'it was written for another person',
      `UPDATE approval SET passkey_no = (SELECT max(no) FROM passkey WHERE operator_no = 2) WHERE operator_no = 1`,
    ],
    [
      'its statement was changed',
      `UPDATE approval SET statement = replace(statement, '"total":12', '"total":11') WHERE operator_no = 1`,
    ],
  ])('counts no more once %s', async (_, change) => {
    await sayYes(ada);
    await sayYes(bo);
    expect((await quorum()).kind).toBe('met');
    const { pool } = at().world;
    await pool.query(change);
    expect(await quorum()).toMatchObject({ kind: 'missing' });
    await pool.query(`UPDATE operator SET state = 'active' WHERE no = 1`);
  });

  test('of one person counts for nobody else, also not with the whole row copied', async () => {
    await sayYes(bo);
    await at().world.pool.query(`
      INSERT INTO approval (subject, digest, decision, operator_no, statement, signature, nonce, given_at, expires_at,
        passkey_no, client_data, authenticator_data)
      SELECT subject, digest, decision, 1, statement, signature, 'another', given_at, expires_at,
        passkey_no, client_data, authenticator_data FROM approval WHERE operator_no = 2`);
    expect(await quorum()).toMatchObject({ kind: 'missing', have: 1 });
  });

  test('of a person who was suspended after they were asked is refused', async () => {
    const { statement, publicKey } = await offered(ada);
    const { world } = at();
    await world.store.transact((tx) => tx.operators.suspend('operator_1'));
    const answer = await send(ada, { statement, assertion: ada.authenticator.get(publicKey, atOurs) });
    await world.pool.query(`UPDATE operator SET state = 'active' WHERE no = 1`);
    expect(answer.status).toBe(401);
  });

  test('stands in the ledger with all that it is verified with', async () => {
    await sayYes(ada);
    const { rows } = await at().world.pool.query<{ body: string }>(
      `SELECT body FROM ledger_entry WHERE event = 'plan.approved' ORDER BY seq DESC LIMIT 1`,
    );
    const body = JSON.parse(rows[0]?.body ?? '{}') as {
      statement: string;
      signature: string;
      publicKey: string;
      passkey: Record<'id' | 'credentialId' | 'rpId' | 'clientData' | 'authenticatorData', string>;
    };
    const { passkey, publicKey, signature, statement } = body;
    const key = { publicKey, rpId: passkey.rpId, credentialId: passkey.credentialId, revokedAt: null };
    const { clientData: clientDataJson, authenticatorData, credentialId } = passkey;
    const proof = { credentialId, clientDataJson, authenticatorData, signature };
    const whose = { ...key, passkeyId: 'passkey_1', operatorId: 'operator_1' } as const;
    expect(signatures.verifyAssertion(whose, statement, proof)).toBe(true);
    expect(signatures.verifyAssertion(whose, `${statement} `, proof)).toBe(false);
  });
});

describe('a stolen session', () => {
  test('says yes to nothing: it cannot answer, and it cannot add what could', async () => {
    const { cookie } = ada;
    const { statement } = await offered(ada);
    const thief = new SoftwareAuthenticator();
    const { publicKey } = await offered(ada);
    expect(
      codeOf(await send({ cookie, authenticator: thief }, { statement, assertion: thief.get(publicKey, atOurs) })),
    ).toBe('signature-invalid');
    expect(codeOf(await send(ada, { statement, signature: 'AAAA' }))).toBe('signature-invalid');
    const options = await at().callSignedIn(cookie, 'POST', '/api/v1/passkeys/options', {});
    const { publicKey: creation } = options.body as unknown as { publicKey: never };
    const attestation = thief.create(creation, atOurs);
    const added = await at().callSignedIn(cookie, 'POST', '/api/v1/passkeys', { name: 'thief', attestation });
    expect(codeOf(added)).toBe('forbidden');
    expect(await quorum()).toMatchObject({ kind: 'missing', have: 0 });
  });
});

test('two people admit and suspend a third with their passkeys, and the third has no say', async () => {
  const { world, people } = at();
  const third = await world.store.transact((tx) =>
    tx.operators.add({
      name: 'cy',
      email: 'cy@ops.example',
      publicKey: 'A'.repeat(43),
      role: 'approver',
      state: 'pending',
      activeFrom: null,
      addedBy: people[0].operator.operatorId,
    }),
  );
  const digest = digests.sha256(digests.canonical(operatorRecord(world.deploymentId, third)));
  const decide = async (who: SignedIn, decision: string): Promise<unknown> => {
    const asked = { kind: 'operator', subject: third.operatorId, digest, total: 1, decision };
    const { statement, publicKey } = await offered(who, asked);
    const assertion = who.authenticator.get(publicKey, atOurs);
    const path = `/api/v1/operators/${third.operatorId}/decisions`;
    return (await at().callSignedIn(who.cookie, 'POST', path, { statement, assertion })).body['kind'];
  };
  expect([await decide(ada, 'add-operator'), await decide(bo, 'add-operator')]).toEqual(['waiting', 'admitted']);
  expect([await decide(ada, 'suspend-operator'), await decide(bo, 'suspend-operator')]).toEqual([
    'waiting',
    'suspended',
  ]);
});
