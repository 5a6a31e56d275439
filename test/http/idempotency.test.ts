import { expect, describe, test } from 'vitest';
import { keyRuleOf } from '../../src/contract/key-rules.ts';
import { problem } from '../../src/contract/problem.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { authorization, fakeServices, rememberingLog, serviceToken } from './fake-services.ts';
import { requestKeysOf, withServedCampaign } from './served-campaign.ts';

const served = withServedCampaign();

let made = 0;
function aKey(): Readonly<Record<string, string>> {
  made += 1;
  return { 'idempotency-key': `"key-${made}"` };
}

async function codeOf(answer: Response): Promise<string> {
  return problem.parse(await answer.json()).code;
}

async function approvedPlan() {
  const { campaign } = served();
  const plan = await campaign.draft([await campaign.leaked(campaign.holders(2))]);
  await campaign.approve(plan);
  return plan;
}

async function entriesOf(event: string): Promise<number> {
  return (await served().campaign.ledgerEvents()).filter((one) => one === event).length;
}

describe('a request that is sent twice', () => {
  test('a rehearsal that is repeated after a lost answer sends no second mail', async () => {
    const { post, sink } = served();
    const plan = await approvedPlan();
    const headers = aKey();
    const path = `/api/v1/plans/${plan.id}/rehearsals`;
    const first = await post(path, { to: 'bo@chirp.test' }, { headers });
    const mails = sink.taken.length;
    const told = await first.text();
    expect([first.status, mails > 0]).toEqual([200, true]);
    const again = await post(path, { to: 'bo@chirp.test' }, { headers });
    expect(await again.text()).toBe(told);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(sink.taken.length).toBe(mails);
    expect((await post(path, { to: 'bo@chirp.test' }, { headers: aKey() })).status).toBe(200);
    expect(sink.taken.length).toBe(2 * mails);
  });

  test('of two at the same time with one key one acts, and the other is told to wait', async () => {
    const { post } = served();
    const plan = await approvedPlan();
    const before = await entriesOf('rollout.started');
    const headers = aKey();
    const start = () => post(`/api/v1/plans/${plan.id}/rollout`, { total: plan.total }, { headers });
    const both = await Promise.all([start(), start(), start()]);
    const refused = both.filter((one) => one.status !== 200 && one.headers.get('idempotent-replayed') === null);
    for (const one of refused) {
      expect(one.headers.get('retry-after')).toBe('5');
      expect(await codeOf(one)).toBe('request-running');
    }
    expect(await entriesOf('rollout.started')).toBe(before + 1);
    const later = await start();
    expect([later.status, later.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(await entriesOf('rollout.started')).toBe(before + 1);
  });

  test('the same key with another body, or at another address, is refused and does nothing', async () => {
    const { post, calls } = served();
    const plan = await approvedPlan();
    const headers = aKey();
    await post(`/api/v1/plans/${plan.id}/rehearsals`, { to: 'bo@chirp.test' }, { headers });
    const count = calls.get('rehearsePlan');
    const otherBody = await post(`/api/v1/plans/${plan.id}/rehearsals`, { to: 'cy@chirp.test' }, { headers });
    expect([otherBody.status, await codeOf(otherBody)]).toEqual([422, 'key-reused']);
    const otherPath = await post(`/api/v1/plans/${plan.id}/rollout`, { to: 'bo@chirp.test' }, { headers });
    expect([otherPath.status, await codeOf(otherPath)]).toEqual([422, 'key-reused']);
    expect(calls.get('rehearsePlan')).toBe(count);
  });

  test("one person's key is not another's", async () => {
    const { campaign, post, statement } = served();
    const plan = await campaign.draft([await campaign.leaked(campaign.holders(1))]);
    const headers = aKey();
    for (const as of [1, 2] as const) {
      const body = statement(as, { digest: plan.digest, total: 1, decision: 'approve' });
      expect((await post(`/api/v1/plans/${plan.id}/approvals`, body, { headers, as })).status).toBe(200);
    }
  });

  test('a refusal is given again as it was, and what was never done may be asked again with the same key', async () => {
    const { campaign, post } = served();
    const plan = await campaign.draft([await campaign.leaked(campaign.holders(1))]);
    const path = `/api/v1/plans/${plan.id}/rollout`;
    const unapproved = aKey();
    const first = await (await post(path, { total: 1 }, { headers: unapproved })).text();
    await campaign.approve(plan);
    expect(await (await post(path, { total: 1 }, { headers: unapproved })).text()).toBe(first);
    const misspelt = aKey();
    expect((await post(path, { total: 'one' }, { headers: misspelt })).status).toBe(400);
    expect((await post(path, { total: 1 }, { headers: misspelt })).status).toBe(200);
  });

  test('a draft is drawn up once, and its last line is given again', async () => {
    const { campaign, post } = served();
    const batch = await campaign.leaked(campaign.holders(2));
    const headers = aKey();
    const body = { evidence: [batch], action: 'reset', notice: 'password-reset' };
    const last = (text: string) => text.trim().split('\n').at(-1);
    const before = await entriesOf('plan.frozen');
    const first = last(await (await post('/api/v1/plans', body, { headers })).text());
    const again = await post('/api/v1/plans', body, { headers });
    expect(last(await again.text())).toBe(first);
    expect(again.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await entriesOf('plan.frozen')).toBe(before + 1);
  });
});

describe('a key whose first request died', () => {
  async function died(path: string, body: unknown, key: string): Promise<void> {
    const { campaign } = served();
    const dead = requestKeysOf(campaign, 'a server that was killed');
    const mac = dead.startMac();
    mac.update(`POST ${path}\n`);
    mac.update(JSON.stringify(body));
    expect((await dead.claim({ caller: campaign.author, key, fingerprint: mac.hex() }, false)).kind).toBe('new');
    await campaign.pool.query(`UPDATE request_key SET alive_at = alive_at - interval '1 minute' WHERE key = $1`, [key]);
  }

  test('what might act twice is not done again: the outcome is said to be unknown', async () => {
    const { post, sink } = served();
    const plan = await approvedPlan();
    const path = `/api/v1/plans/${plan.id}/rehearsals`;
    const body = { to: 'bo@chirp.test' };
    await died(path, body, 'killed-1');
    const mails = sink.taken.length;
    for (let time = 0; time < 2; time += 1) {
      const answer = await post(path, body, { headers: { 'idempotency-key': 'killed-1' } });
      expect([answer.status, await codeOf(answer)]).toEqual([409, 'outcome-unknown']);
    }
    expect(sink.taken.length).toBe(mails);
  });

  test('what its own uniqueness guards is asked again, whether it was done or not', async () => {
    const { campaign, post } = served();
    const path = (plan: string) => `/api/v1/plans/${plan}/rollout`;
    const undone = await approvedPlan();
    await died(path(undone.id), { total: 2 }, 'killed-2');
    const answer = await post(path(undone.id), { total: 2 }, { headers: { 'idempotency-key': 'killed-2' } });
    expect(answer.status).toBe(200);

    const done = await approvedPlan();
    await died(path(done.id), { total: 2 }, 'killed-3');
    await campaign.start(done);
    const before = await entriesOf('rollout.started');
    const refused = await post(path(done.id), { total: 2 }, { headers: { 'idempotency-key': 'killed-3' } });
    expect(await codeOf(refused)).toBe('conflict');
    expect(await entriesOf('rollout.started')).toBe(before);
  });

  test('while the process that does it is alive, it is running and not lost', async () => {
    const { campaign, keys } = served();
    const request = { caller: campaign.author, key: 'slow-1', fingerprint: 'f' };
    expect(await keys.claim(request, true)).toEqual({ kind: 'new' });
    await campaign.pool.query(`UPDATE request_key SET alive_at = alive_at - interval '1 minute' WHERE key = 'slow-1'`);
    await keys.beat();
    expect(await requestKeysOf(campaign, 'another server').claim(request, true)).toEqual({ kind: 'running' });
  });

  test('a day later a key is new again, and what was kept of it is gone', async () => {
    const { campaign, keys } = served();
    const { store, pool } = campaign;
    const request = { caller: campaign.author, key: 'old-1', fingerprint: 'f' };
    await keys.claim(request, false);
    await keys.keep(request, { status: 200, contentType: 'application/json', body: '{}', bodyMac: null });
    expect((await keys.claim(request, false)).kind).toBe('answered');
    await pool.query(`UPDATE request_key SET begun_at = begun_at - interval '25 hours' WHERE key = 'old-1'`);
    expect(await keys.claim({ ...request, fingerprint: 'g' }, false)).toEqual({ kind: 'new' });
    await pool.query(
      `UPDATE request_key SET begun_at = begun_at - interval '25 hours', alive_at = alive_at - interval '25 hours' WHERE key = 'old-1'`,
    );
    expect(await store.transact((tx) => tx.requestKeys.purge({ hours: 24, silentSeconds: 15 }, 10))).toBe(1);
  });
});

describe('what is never kept', () => {
  test('no answer that holds a token of ours is stored, whichever route gave it', async () => {
    const { campaign, keys } = served();
    const request = { caller: campaign.author, key: 'secret-1', fingerprint: 'f' };
    await keys.claim(request, false);
    const body = JSON.stringify({ token: `act_${'ab'.repeat(32)}` });
    await keys.keep(request, { status: 200, contentType: 'application/json', body, bodyMac: null });
    const { rows } = await campaign.pool.query<{ row: string }>(
      `SELECT request_key::text AS row FROM request_key WHERE key = 'secret-1'`,
    );
    expect(rows[0]?.row).not.toContain('act_');
    expect(await keys.claim(request, false)).toMatchObject({ kind: 'answered', answer: { body: null } });
  });

  test('nobody can guess an address from what is stored of a request that names it', async () => {
    const { campaign, post } = served();
    const address = 'bo@chirp.test';
    const plan = await approvedPlan();
    const headers = { 'idempotency-key': 'guess-1' };
    await post(`/api/v1/plans/${plan.id}/rehearsals`, { to: address }, { headers });
    const { rows } = await campaign.pool.query<{ row: string }>(
      `SELECT request_key::text AS row FROM request_key WHERE key = 'guess-1'`,
    );
    expect(rows[0]?.row).not.toContain(address);
  });
});

describe('HALT', () => {
  test('works while the answers to keyed requests cannot be stored or read', async () => {
    const { campaign, post } = served();
    const plan = await approvedPlan();
    await campaign.start(plan);
    await campaign.pool.query('ALTER TABLE request_key RENAME TO request_key_gone');
    try {
      const answer = await post(
        '/api/v1/halts',
        { subject: plan.id, scope: 'all', reason: 'a test' },
        { headers: aKey() },
      );
      expect([answer.status, await answer.json()]).toMatchObject([200, { alreadyHalted: false }]);
    } finally {
      await campaign.pool.query('ALTER TABLE request_key_gone RENAME TO request_key');
    }
  });

  test('is never answered from memory: the same key halts again what was resumed meanwhile', async () => {
    const { campaign, post } = served();
    const plan = await approvedPlan();
    const rollout = await campaign.start(plan);
    const body = { subject: plan.id, scope: 'all', reason: 'a test' };
    const headers = aKey();
    await post('/api/v1/halts', body, { headers });
    await campaign.store.transact((tx) => tx.rollouts.resumeTracks(rollout, ['contain', 'tell']));
    const again = (await (await post('/api/v1/halts', body, { headers })).json()) as { alreadyHalted: boolean };
    expect(again.alreadyHalted).toBe(false);
  });
});

describe('a list that is sent twice', () => {
  const path = '/api/v1/evidence?source=leak&class=credentials';
  const upload = (app: ReturnType<typeof makeHttpApp>, body: string, key: string) =>
    app.request(path, { method: 'POST', headers: { ...authorization, 'idempotency-key': key }, body });

  test('is imported once, and a longer one with the same key is refused', async () => {
    let imports = 0;
    const services = fakeServices({
      async importEvidence({ stream }) {
        for await (const chunk of stream) expect(chunk.length).toBeGreaterThan(0);
        imports += 1;
        return { kind: 'imported', batch: 'batch_1', resumedAfterLine: 0 };
      },
    });
    const app = makeHttpApp(services, { log: rememberingLog() });
    const first = await (await upload(app, 'a:b\n', 'list-1')).text();
    expect(first).toContain('"kind":"result"');
    expect(await (await upload(app, 'a:b\n', 'list-1')).text()).toBe(first);
    const other = await upload(app, 'a:b\nc:d\n', 'list-1');
    expect([other.status, await codeOf(other)]).toEqual([422, 'key-reused']);
    expect(imports).toBe(1);
  });
});

const credential = { id: 'AQ', rawId: 'AQ', type: 'public-key' };
const assertion = { ...credential, response: { clientDataJSON: 'x', authenticatorData: 'x', signature: 'x' } };
const attestation = { ...credential, response: { clientDataJSON: 'x', attestationObject: 'x' } };

/** A body that each POST accepts. A new route gets its line here, so that it is asked with a key too. */
const bodies: Readonly<Record<string, unknown>> = {
  '/api/v1/plans': { evidence: ['batch_1'], action: 'reset', notice: 'password-reset' },
  '/api/v1/plans/:plan/rehearsals': { to: 'bo@chirp.test' },
  '/api/v1/plans/:plan/approvals': { statement: '{}', signature: 'x' },
  '/api/v1/approvals/options': {
    kind: 'plan',
    subject: 'plan_1',
    digest: 'd'.repeat(64),
    total: 1,
    decision: 'approve',
  },
  '/api/v1/plans/:plan/rollout': { total: 1 },
  '/api/v1/plans/:plan/corrections/:kind': { total: 1 },
  '/api/v1/retractions/:retraction/approvals': { statement: '{}', signature: 'x' },
  '/api/v1/losses/:loss/approvals': { statement: '{}', signature: 'x' },
  '/api/v1/operators': { name: 'Eve', email: 'eve@ops.example', publicKey: 'x' },
  '/api/v1/operators/:operator/decisions': { statement: '{}', signature: 'x' },
  '/api/v1/evidence/:batch/withdrawal-previews': { selection: { kind: 'all' } },
  '/api/v1/evidence/:batch/withdrawals': { selection: { kind: 'all' }, cause: 'rule-wrong', reason: 'r', total: 1 },
  '/api/v1/ledger/erasures': { chain: 'installation', seq: 1, field: 'name' },
  '/api/v1/explanations': { query: 'account-1' },
  '/api/v1/subjects/exports': { query: 'account-1' },
  '/api/v1/subjects/erasure-previews': { query: 'account-1' },
  '/api/v1/subjects/erasures': { query: 'account-1' },
  '/api/v1/suppressions/removals': { notice: 'x' },
  '/api/v1/drills': {},
  '/api/v1/plans/:plan/drill-override': { reason: 'Thieves are signing in right now.' },
  '/api/v1/appeals/:appeal/decisions': { decision: 'declined', reason: 'r' },
  '/api/v1/plans/:plan/reviews/own/readings': {},
  '/api/v1/plans/:plan/reviews/own/verdicts': { verdicts: [{ ordinal: 0, accountId: 'a', verdict: 'right' }] },
  '/api/v1/operators/invitations': { request: '{}', signature: 'x' },
  '/api/v1/operators/acceptances': { code: 'c', acceptance: '{}', signature: 'x' },
  '/api/v1/halts': { subject: null, scope: 'all', reason: 'r' },
  '/api/v1/rollouts/:subject/pauses': { reason: 'r' },
  '/api/v1/tokens': { request: '{}', signature: 'x' },
  '/api/v1/password-checks': { accountId: 'a', password: 'p' },
  '/api/v1/sessions': { challengeId: 'x', assertion },
  '/api/v1/sessions/options': {},
  '/api/v1/passkeys': { code: 'c', name: 'phone', attestation },
  '/api/v1/passkeys/links': { request: '{}', signature: 'x' },
  '/api/v1/passkeys/options': { code: 'c' },
  '/api/v1/passkeys/confirmations': { attestation },
};
const examples: Readonly<Record<string, string>> = {
  ':plan': 'plan_1',
  ':retraction': 'retraction_1',
  ':subject': 'plan_1',
  ':batch': 'batch_1',
  ':operator': 'operator_1',
  ':token': 'token_1',
  ':session': 'session_1',
  ':passkey': 'passkey_1',
  ':appeal': 'appeal_1',
  ':loss': 'loss_1',
  ':kind': 'holding',
};

describe('every POST of the API', () => {
  const routes = makeHttpApp(fakeServices(), { log: rememberingLog() })
    .routes.filter((route) => route.method === 'POST' && route.path.startsWith('/api/'))
    .map((route) => route.path);

  test('the keys of which routes are not looked at is a short list, each with its reason', () => {
    const rules = [...new Set(routes)].map((path) => ({ path, rule: keyRuleOf(path) }));
    const ignored = rules.filter(({ rule }) => rule.kind === 'ignored');
    expect(ignored.map(({ path }) => path).toSorted()).toEqual([
      '/api/v1/approvals/options',
      '/api/v1/halts',
      '/api/v1/operators/:operator/links',
      '/api/v1/operators/acceptances',
      '/api/v1/operators/invitations',
      '/api/v1/passkeys',
      '/api/v1/passkeys/confirmations',
      '/api/v1/passkeys/links',
      '/api/v1/passkeys/options',
      '/api/v1/password-checks',
      '/api/v1/sessions',
      '/api/v1/sessions/options',
      '/api/v1/tokens',
    ]);
  });

  test.each([...new Set(routes)])('%s honours its key', async (path) => {
    const called: string[] = [];
    const known = fakeServices();
    const services = new Proxy(known, {
      get(target, name) {
        // What stands before every route, and acts on nothing.
        const before = [
          'authenticate',
          'authenticateToHalt',
          'isServiceToken',
          'requestKeys',
          'requireStanding',
          'consoleOrigin',
        ];
        if (before.includes(String(name))) return target[name as keyof typeof target];
        return () => {
          called.push(String(name));
          const failed = Promise.reject(new Error('it did something, nobody knows what'));
          return name === 'exportPlan' || name === 'exportRetraction'
            ? (async function* () {
                yield await failed;
              })()
            : failed;
        };
      },
    });
    const app = makeHttpApp(services, { log: rememberingLog() });
    const at = path.replaceAll(/:[a-z]+/g, (name) => examples[name] ?? name);
    const send = async (body: unknown, key: string) => {
      const isList = path === '/api/v1/evidence';
      const token = path === '/api/v1/password-checks' ? { authorization: `Bearer ${serviceToken}` } : authorization;
      const answer = await app.request(isList ? `${at}?source=leak` : at, {
        method: 'POST',
        headers: { ...token, 'idempotency-key': key, ...(isList ? {} : { 'content-type': 'application/json' }) },
        body: isList ? 'a:b\n' : JSON.stringify(body),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const body = bodies[path] ?? {};
    const first = await send(body, 'one');
    const once = called.length;
    expect(first.status, `${path} does not take the body that this test has for it`).not.toBe(400);
    expect(once, `${path} called no service`).toBe(1);
    const again = await send(body, 'one');
    const rule = keyRuleOf(at);
    if (rule.kind === 'kept' && path !== '/api/v1/evidence') {
      expect(again).toEqual(first);
      expect(called).toHaveLength(once);
    } else expect(called).toHaveLength(once + 1);
    if (rule.kind !== 'ignored' && path !== '/api/v1/evidence')
      expect((await send({ another: 'body' }, 'one')).status).toBe(422);
    for (const broken of ['with space', '""', 'x'.repeat(256)])
      expect((await send(body, broken)).status, JSON.stringify(broken)).toBe(
        rule.kind === 'ignored' ? first.status : 400,
      );
  });
});
