import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signedYes, tokenOf } from '../../examples/scenarios/people.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { signedPart } from '../../src/domain/ledger/checkpoint.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { makeLossVerbs } from '../../src/main/loss-verbs.ts';
import { runServer } from '../../src/main/run-server.ts';
import type { RunningServer } from '../../src/main/run-server.ts';

/** A server whose checkpoints saw more than its database has: an older copy was put in the database's place. */
let world: World;
let server: RunningServer;
let token: string;
let checkpoints: string;

beforeAll(async () => {
  world = await openWorld({
    keep: 20,
    isServed: false,
    settings: { ALLCLEAR_LEAST_FREE_MB: '1000000', LOG_LEVEL: 'silent' },
  });
  checkpoints = join(world.env['ALLCLEAR_HOME'] ?? '', 'checkpoints.ndjson');
  const first = await runServer(world.installation);
  token = await tokenOf(world.services, world.crew.approvers[0]);
  await first.stop();
  await appendFile(checkpoints, `${lineBeyond()}\n`);
  server = await runServer(world.installation);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await world.close();
});

/** What the ledger key signed an hour later, of entries that are gone. */
function lineBeyond(): string {
  const { ledgerKey, deployment } = world.installation;
  const heads = [{ chain: 'installation', seq: 5_000, hash: 'f'.repeat(64) }];
  const part = signedPart({ deployment: deployment.deploymentId, at: new Date().toISOString(), heads });
  return digests.canonical({ ...part, signature: ledgerKey.sign(digests.canonical(part)) });
}

function ask(path: string, body?: object, as: string = token): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

test('it is up, and not ready; it answers readers, and halts', async () => {
  expect((await ask('/healthz')).status).toBe(200);
  const ready = await ask('/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ code: 'database-behind' })]);
  expect((await ask('/api/v1/plans?limit=5')).status).toBe(200);
  expect((await ask('/api/v1/halts', { subject: null, scope: 'all', reason: 'a test' })).status).toBe(200);
});

test('it refuses everything else that changes anything, and says where to go', async () => {
  for (const path of ['/api/v1/plans', '/api/v1/rollouts/plan_1/resumptions', '/api/v1/plans/plan_1/approvals']) {
    const answer = await ask(path, {});
    const problem = (await answer.json()) as { code: string; detail: string };
    expect([answer.status, problem.code], path).toEqual([503, 'database-behind']);
    expect(problem.detail).toContain('allclear ledger accept-restored');
  }
});

test('it writes no checkpoint that would vouch for the wrong branch', async () => {
  const lines = (await readFile(checkpoints, 'utf8')).trim().split('\n');
  expect(lines.at(-1)).toContain('"seq":5000');
});

test('once two people have signed the loss it is accepted, ready without a restart, and its ledger verifies', async () => {
  const { config } = loadConfig({ env: world.env, flags: {}, cwd: world.folder });
  const verbs = makeLossVerbs(() => config);
  const request = { isEveryone: false, vouched: null, journals: [] };
  const loss = await verbs.previewLoss(request);
  expect(loss.chains).toMatchObject([{ chain: 'installation', seenThrough: 5_000, seenBy: 'checkpoint' }]);
  await expect(verbs.acceptLoss(request, loss.people + 1)).rejects.toBeInstanceOf(Failure);
  expect((await ask('/api/v1/losses/waiting')).status).toBe(404);
  for (const [index, person] of world.crew.approvers.entries()) {
    const asked = await verbs.acceptLoss(request, loss.people);
    if (asked.kind !== 'waiting') throw new Error(`accepted with ${index} signatures`);
    expect((await ask('/readyz')).status).toBe(503);
    const shown = (await (await ask('/api/v1/losses/waiting')).json()) as { record: string };
    expect(shown).toMatchObject({ loss: asked.loss, digest: digests.sha256(shown.record), have: index, required: 2 });
    const path = `/api/v1/losses/${asked.loss}/approvals`;
    const yes = { digest: asked.digest, total: loss.people, decision: 'accept-loss' } as const;
    // Whoever is signed in signs for themselves alone.
    const [ben, cho] = world.crew.approvers;
    const other = person === ben ? cho : ben;
    const own = await tokenOf(world.services, person);
    expect((await ask(path, signedYes(world.services, other, yes), own)).status).toBe(422);
    expect((await ask(path, signedYes(world.services, person, yes), own)).status).toBe(200);
    expect((await ask(path, signedYes(world.services, person, yes), own)).status).toBe(409);
  }
  expect((await verbs.acceptLoss(request, loss.people)).kind).toBe('accepted');
  expect((await ask('/readyz')).status).toBe(200);
  const verdict = await world.services.verifyLedger();
  expect(verdict.findings).toEqual([]);
  expect(verdict.checkpoints.lossesAccepted).toHaveLength(1);
});

test('below the named free space it drafts nothing and still halts', async () => {
  const draft = { batches: [], action: 'reset', notice: 'password-reset', author: world.crew.author.id } as const;
  const limits = { pace: null, order: 'interlocked', budget: 'normal' } as const;
  await expect(world.services.draftPlan({ ...draft, limits }, () => undefined)).rejects.toMatchObject({
    code: 'disk-full',
  });
  expect((await ask('/api/v1/halts', { subject: null, scope: 'all', reason: 'a test' })).status).toBe(200);
});
