import { afterEach, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { addOperator } from '../../src/app/operator/add-operator.ts';
import type { AddedOperator } from '../../src/app/operator/add-operator.ts';
import { addLink } from '../../src/app/passkey/make-link.ts';
import { operatorRecord } from '../../src/domain/approval/operator.ts';
import type { Operator } from '../../src/domain/approval/operator.ts';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import type { CreationOptions, RequestOptions } from '../support/software-authenticator.ts';
import { atOurs, linkRequest, withConsole } from './console-world.ts';
import type { Answer } from './console-world.ts';

const at = withConsole();
const codeOf = ({ body }: Answer): unknown => body['code'];
let proposed = 0;

afterEach(async () => expect((await at().world.verify()).findings).toEqual([]));

/** By the first of the two people that there are, without a key. */
async function propose(change: Record<string, unknown> = {}): Promise<Operator> {
  proposed += 1;
  const { call, people } = at();
  const person = { name: 'Cy', email: `cy${proposed}@ops.example`, publicKey: null, role: 'approver', ...change };
  const headers = { authorization: `Bearer ${people[0].token}` };
  const answer = await call('POST', '/api/v1/operators', person, headers);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body['operator'] as unknown as Operator;
}

function askForLink({ operatorId }: Operator): Promise<Answer> {
  const headers = { authorization: `Bearer ${at().people[0].token}` };
  return at().call('POST', `/api/v1/operators/${operatorId}/links`, undefined, headers);
}

async function linkTo(operator: Operator): Promise<string> {
  return (await askForLink(operator)).body['code'] as unknown as string;
}

async function join(authenticator: SoftwareAuthenticator, code: string): Promise<Answer> {
  const { call } = at();
  const { body, status } = await call('POST', '/api/v1/passkeys/options', { code });
  if (status !== 200) return call('POST', '/api/v1/passkeys/options', { code });
  const { publicKey } = body as unknown as { publicKey: CreationOptions };
  const attestation = authenticator.create(publicKey, atOurs);
  return call('POST', '/api/v1/passkeys', { code, name: 'phone', attestation });
}

async function readOperator({ operatorId }: Operator): Promise<Operator> {
  const found = await at().world.store.transact((tx) => tx.operators.read(operatorId));
  if (found === null) throw new Error('nobody is there');
  return found;
}

/** Both of the two, by key file, over the record as they see it. */
async function decide(seen: Operator, decision: string): Promise<readonly unknown[]> {
  const { call, people, world } = at();
  const answers: unknown[] = [];
  for (const { key, token } of people) {
    const statement = digests.canonical({
      deployment: world.deploymentId,
      directory: 'chirp',
      digest: digests.sha256(digests.canonical(operatorRecord(world.deploymentId, seen))),
      total: 1,
      decision,
      nonce: digests.randomHex(16),
      expiry: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const path = `/api/v1/operators/${seen.operatorId}/decisions`;
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await call('POST', path, { statement, signature: key.sign(statement) }, headers);
    answers.push(body['kind'] ?? body['code']);
  }
  return answers;
}

async function sayYes(authenticator: SoftwareAuthenticator): Promise<Answer> {
  const { signIn, callSignedIn, facts } = at();
  const cookie = await signIn(authenticator);
  const asked = { kind: 'plan', subject: 'plan_7', digest: facts.digest, total: facts.total, decision: 'approve' };
  const { body } = await callSignedIn(cookie, 'POST', '/api/v1/approvals/options', asked);
  const { statement, publicKey } = body as unknown as { statement: string; publicKey: RequestOptions };
  const assertion = authenticator.get(publicKey, atOurs);
  return callSignedIn(cookie, 'POST', '/api/v1/plans/plan_7/approvals', { statement, assertion });
}

describe('a person who is proposed without a key', () => {
  test('makes a passkey by a link, which does nothing until two others said yes to that very passkey', async () => {
    const cys = new SoftwareAuthenticator();
    const operator = await propose();
    const joined = await join(cys, await linkTo(operator));
    expect([joined.status, joined.body['isActive']]).toEqual([200, false]);
    const early = await at().answerSignIn(cys);
    expect(early).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining('once two others have said yes') },
    });
    const seen = await readOperator(operator);
    expect(seen.passkeys).toHaveLength(1);
    expect(await decide(seen, 'add-operator')).toEqual(['waiting', 'admitted']);
    expect((await sayYes(cys)).status).toBe(200);
  });

  test('is not admitted with a passkey that the two others did not see', async () => {
    const operator = await propose();
    await join(new SoftwareAuthenticator(), await linkTo(operator));
    const seen = await readOperator(operator);
    const answers = await decide({ ...seen, passkeys: ['the one that Cy read out'] }, 'add-operator');
    expect(answers).toEqual(['digest-mismatch', 'digest-mismatch']);
    expect((await readOperator(operator)).state).toBe('pending');
  });

  test('is admitted by nobody before there is a passkey', async () => {
    expect(await decide(await propose(), 'add-operator')).toEqual(['conflict', 'conflict']);
  });

  test('gets another link as long as none was used, and none once there is a passkey', async () => {
    const change = { email: 'again@ops.example' };
    const operator = await propose(change);
    const [lost, newer] = [await linkTo(operator), await linkTo(operator)];
    expect((await join(new SoftwareAuthenticator(), lost)).status).toBe(401);
    expect((await propose(change)).operatorId).toBe(operator.operatorId);
    expect((await join(new SoftwareAuthenticator(), newer)).status).toBe(200);
    expect((await join(new SoftwareAuthenticator(), newer)).status).toBe(401);
    expect(codeOf(await askForLink(operator))).toBe('conflict');
    expect((await readOperator(operator)).passkeys).toHaveLength(1);
  });

  test('gets no second passkey by a link that was made before the first one was', async () => {
    const operator = await propose();
    const code = await linkTo(operator);
    const [first, second] = [new SoftwareAuthenticator(), new SoftwareAuthenticator()];
    const { body } = await at().call('POST', '/api/v1/passkeys/options', { code });
    const { publicKey } = body as unknown as { publicKey: CreationOptions };
    const both = [first, second].map((one) => ({ code, name: 'p', attestation: one.create(publicKey, atOurs) }));
    const answers = await Promise.all(both.map((one) => at().call('POST', '/api/v1/passkeys', one)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect((await readOperator(operator)).passkeys).toHaveLength(1);
  });

  test('is nobody who is there already, by passkey or by address', async () => {
    const { people, enrol, call } = at();
    const adas = new SoftwareAuthenticator();
    await enrol(people[0], adas);
    const operator = await propose();
    expect(codeOf(await join(adas, await linkTo(operator)))).toBe('conflict');
    const headers = { authorization: `Bearer ${people[0].token}` };
    const same = { name: 'Ada again', email: 'ADA@ops.example', publicKey: null, role: 'approver' };
    expect(codeOf(await call('POST', '/api/v1/operators', same, headers))).toBe('conflict');
  });

  test('cannot be had by a link for somebody who has a key, or is active', async () => {
    const [ada] = at().people;
    expect(codeOf(await askForLink(ada.operator))).toBe('conflict');
  });

  test('gets no link and no token for a signature', async () => {
    const { call, people, world } = at();
    const operator = await propose();
    await join(new SoftwareAuthenticator(), await linkTo(operator));
    await decide(await readOperator(operator), 'add-operator');
    const request = linkRequest(world.deploymentId, operator.operatorId);
    for (const signature of ['', people[0].key.sign(request)])
      expect((await call('POST', '/api/v1/passkeys/links', { request, signature })).status).toBe(401);
  });

  test('can be suspended by two others', async () => {
    const operator = await propose();
    const cys = new SoftwareAuthenticator();
    await join(cys, await linkTo(operator));
    await decide(await readOperator(operator), 'add-operator');
    expect(await decide(await readOperator(operator), 'suspend-operator')).toEqual(['waiting', 'suspended']);
    expect((await at().answerSignIn(cys)).status).toBe(401);
  });
});

describe('the first operator, on the server’s own machine', () => {
  const emptied = withConsole({ people: 0 });
  const person = { name: 'Di', email: 'di@ops.example', publicKey: null, role: 'operator', by: 'local' } as const;
  const addLocally = (hasPlan = false): Promise<AddedOperator> =>
    addOperator({ store: emptied().world.store, digests, hasAnyPlan: async () => hasPlan }, person);

  test('needs no key file: the link alone makes the passkey, and a link that was lost is asked for again', async () => {
    const { world, call, signIn } = emptied();
    const link = async ({ operator }: AddedOperator): Promise<string> => {
      const made = await world.store.transact((tx) => addLink(digests, tx, operator.operatorId, 'local'));
      return made?.code ?? '';
    };
    const lost = await link(await addLocally());
    const again = await addLocally();
    expect(again.operator.operatorId).toBe('operator_1');
    const code = await link(again);
    expect((await call('POST', '/api/v1/passkeys/options', { code: lost })).status).toBe(401);
    const dis = new SoftwareAuthenticator();
    const { body } = await call('POST', '/api/v1/passkeys/options', { code });
    const { publicKey } = body as unknown as { publicKey: CreationOptions };
    const attestation = dis.create(publicKey, atOurs);
    const joined = await call('POST', '/api/v1/passkeys', { code, name: 'phone', attestation });
    expect([joined.status, joined.body['isActive']]).toEqual([200, true]);
    expect(await signIn(dis)).toContain('=');
    // From here on nobody makes a passkey in Di's name, the terminal neither.
    await expect(addLocally()).rejects.toMatchObject({ code: 'conflict' });
    expect((await world.verify()).findings).toEqual([]);
  });
});
