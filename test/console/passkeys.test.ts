import { afterEach, describe, expect, test } from 'vitest';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import type { CreationOptions, RequestOptions } from '../support/software-authenticator.ts';
import { atOurs, linkRequest, ownPage, withConsole } from './console-world.ts';
import type { Answer } from './console-world.ts';

const at = withConsole();
const codeOf = ({ body }: Answer): unknown => body['code'];

afterEach(async () => {
  const { world } = at();
  await world.pool.query(`UPDATE passkey SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL`);
  expect((await world.verify()).findings).toEqual([]);
});

async function passkeysOf(operatorNo: number): Promise<number> {
  const { rows } = await at().world.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM passkey WHERE operator_no = $1 AND revoked_at IS NULL`,
    [operatorNo],
  );
  return rows[0]?.count ?? -1;
}

/** A registration by this authenticator for whoever shows the code, or is signed in. */
async function attest(
  authenticator: SoftwareAuthenticator,
  by: { readonly code: string } | { readonly cookie: string },
  ceremony = atOurs,
): Promise<Record<string, unknown>> {
  const { call } = at();
  const headers = 'cookie' in by ? { ...ownPage, ...by } : {};
  const { body } = await call('POST', '/api/v1/passkeys/options', 'code' in by ? by : {}, headers);
  const { publicKey } = body as unknown as { publicKey: CreationOptions };
  return authenticator.create(publicKey, ceremony);
}

describe('a one-time link', () => {
  test('adds one passkey, whoever tries at the same time', async () => {
    const { linkFor, call, people } = at();
    const code = await linkFor(people[0]);
    const three = [1, 2, 3].map(() => new SoftwareAuthenticator());
    const bodies = await Promise.all(
      three.map(async (one) => ({ code, name: 'phone', attestation: await attest(one, { code }) })),
    );
    const all = await Promise.all(bodies.map((body) => call('POST', '/api/v1/passkeys', body)));
    expect(all.map((one) => one.status).toSorted()).toEqual([200, 401, 401]);
    expect(await passkeysOf(1)).toBe(1);
    expect((await call('POST', '/api/v1/passkeys/options', { code })).status).toBe(401);
  });

  test('is over after a quarter of an hour, and when a newer one was made', async () => {
    const { linkFor, call, people, world } = at();
    const old = await linkFor(people[0]);
    const newer = await linkFor(people[0]);
    const look = async (code: string) => (await call('POST', '/api/v1/passkeys/options', { code })).status;
    expect([await look(old), await look(newer)]).toEqual([401, 200]);
    await world.pool.query(`UPDATE operator_link SET expires_at = expires_at - interval '15 min'`);
    expect(await look(newer)).toBe(401);
  });

  test('is given for a request signed with that very person’s key, once, while it is fresh and they are active', async () => {
    const { call, people, world } = at();
    const [ada, bo] = people;
    const ask = (text: string, signer = ada) =>
      call('POST', '/api/v1/passkeys/links', { request: text, signature: signer.key.sign(text) });
    const good = linkRequest(world.deploymentId, ada.operator.operatorId);
    expect((await ask(good)).status).toBe(200);
    const refused = [
      await ask(good),
      await ask(linkRequest(world.deploymentId, ada.operator.operatorId), bo),
      await ask(linkRequest('dep_0000000000000000', ada.operator.operatorId)),
      await ask(linkRequest(world.deploymentId, ada.operator.operatorId, -1_000)),
      await ask(linkRequest(world.deploymentId, ada.operator.operatorId, 6 * 60_000)),
      await ask(linkRequest(world.deploymentId, 'operator_99')),
    ];
    expect(refused.map((one) => one.status)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(new Set(refused.map((one) => one.body['detail'])).size).toBe(1);
  });

  test('is nowhere in the database or the ledger', async () => {
    const { linkFor, people, world } = at();
    const code = await linkFor(people[0]);
    const { rows } = await world.pool.query<{ text: string }>(
      `SELECT l::text AS text FROM operator_link l UNION ALL SELECT body FROM ledger_entry`,
    );
    expect(rows.filter(({ text }) => text.includes(code))).toEqual([]);
  });

  test('of one person registers nobody else’s answer, and no answer of another page or without a verified user', async () => {
    const { linkFor, call, people } = at();
    const code = await linkFor(people[0]);
    const foreign = await attest(new SoftwareAuthenticator(), { code: await linkFor(people[1]) });
    const wrong = [
      foreign,
      await attest(new SoftwareAuthenticator(), { code }, { origin: 'http://localhost:1' }),
      await attest(new SoftwareAuthenticator(), { code }, { ...atOurs, isUserVerified: false }),
      await attest(new SoftwareAuthenticator(), { code }, { ...atOurs, rpId: 'evil.example' }),
    ];
    for (const attestation of wrong) {
      const answer = await call('POST', '/api/v1/passkeys', { code, name: 'phone', attestation });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'signature-invalid']);
    }
    expect([await passkeysOf(1), await passkeysOf(2)]).toEqual([0, 0]);
    expect((await call('POST', '/api/v1/passkeys/options', { code })).status).toBe(200);
  });
});

describe('a passkey', () => {
  test('of one person is not taken for another, also after it was revoked', async () => {
    const { enrol, people, callSignedIn, signIn } = at();
    const one = new SoftwareAuthenticator();
    expect((await enrol(people[0], one)).status).toBe(200);
    expect(codeOf(await enrol(people[1], one))).toBe('conflict');
    const cookie = await signIn(one);
    const { body } = await callSignedIn(cookie, 'GET', '/api/v1/passkeys');
    const { passkeys } = body as unknown as { passkeys: { id: string }[] };
    const revoked = await callSignedIn(cookie, 'POST', `/api/v1/passkeys/${passkeys[0]?.id}/revocations`);
    expect(revoked.body).toEqual({ revoked: true });
    expect((await callSignedIn(cookie, 'GET', '/api/v1/passkeys')).status).toBe(401);
    expect((await at().answerSignIn(one)).status).toBe(401);
    expect(codeOf(await enrol(people[1], one))).toBe('conflict');
    expect([await passkeysOf(1), await passkeysOf(2)]).toEqual([0, 0]);
  });

  test('of another person makes an authenticator refuse, outside of a trial', async () => {
    const { enrol, people, linkFor, call } = at();
    const adas = new SoftwareAuthenticator();
    await enrol(people[0], adas);
    const { body } = await call('POST', '/api/v1/passkeys/options', { code: await linkFor(people[1]) });
    const { publicKey } = body as unknown as { publicKey: { excludeCredentials: { id: string }[] } };
    expect(publicKey.excludeCredentials.map((one) => one.id)).toContain(adas.id);
  });

  test('that was revoked does not keep its own device from making another, and still keeps it from being somebody else', async () => {
    const { enrol, people, linkFor, call, world } = at();
    const adas = new SoftwareAuthenticator();
    await enrol(people[0], adas);
    await world.pool.query(`UPDATE passkey SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL`);
    const excludedFor = async (who: 0 | 1): Promise<readonly string[]> => {
      const { body } = await call('POST', '/api/v1/passkeys/options', { code: await linkFor(people[who]) });
      const { publicKey } = body as unknown as { publicKey: { excludeCredentials: { id: string }[] } };
      return publicKey.excludeCredentials.map(({ id }) => id);
    };
    expect(await excludedFor(0)).not.toContain(adas.id);
    expect(await excludedFor(1)).toContain(adas.id);
  });

  test('is not added by a stolen session: it takes a passkey that the person has, over the very key that is added', async () => {
    const { enrol, people, signIn, callSignedIn } = at();
    const adas = new SoftwareAuthenticator();
    await enrol(people[0], adas);
    const bos = new SoftwareAuthenticator();
    await enrol(people[1], bos);
    const cookie = await signIn(adas);
    const thiefs = new SoftwareAuthenticator();
    const attestation = await attest(thiefs, { cookie });
    const confirmation = async (of: unknown) => {
      const { body } = await callSignedIn(cookie, 'POST', '/api/v1/passkeys/confirmations', { attestation: of });
      return (body as unknown as { publicKey: RequestOptions }).publicKey;
    };
    const add = (assertion?: unknown, of: unknown = attestation) =>
      callSignedIn(cookie, 'POST', '/api/v1/passkeys', { name: 'thief', attestation: of, assertion });
    const other = await attest(new SoftwareAuthenticator(), { cookie });
    const asked = await confirmation(attestation);
    const attempts = [
      await add(),
      await add(thiefs.get(asked, atOurs)),
      await add(bos.get(asked, atOurs)),
      // What the owner confirmed was another key.
      await add(adas.get(await confirmation(other), atOurs)),
      await add(adas.get({ ...asked, challenge: 'AAAA' }, atOurs)),
      await add(adas.get(asked, { ...atOurs, isUserVerified: false })),
      await add(adas.get(asked, { origin: 'https://evil.example' })),
    ];
    expect(attempts.map(codeOf)).toEqual(['forbidden', ...attempts.slice(1).map(() => 'signature-invalid')]);
    expect(await passkeysOf(1)).toBe(1);
    expect((await add(adas.get(asked, atOurs))).status).toBe(200);
    expect(await passkeysOf(1)).toBe(2);
    expect(codeOf(await add(adas.get(asked, atOurs)))).toBe('conflict');
  });

  test('is refused as the eleventh of a person', async () => {
    const { enrol, people } = at();
    const answers: number[] = [];
    for (let one = 0; one < 11; one += 1) answers.push((await enrol(people[0], new SoftwareAuthenticator())).status);
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 200), 409]);
  });
});
