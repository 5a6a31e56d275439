import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { acceptLoss, previewLoss } from '../../src/app/ledger/accept-loss.ts';
import type { AcceptLossDeps, AcceptLossRequest } from '../../src/app/ledger/accept-loss.ts';
import { finishPermit } from '../../src/app/rollout/run-permit.ts';
import { settlePermit } from '../../src/app/rollout/settle-permit.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import { openCheckpointWriter } from '../../src/app/ledger/write-checkpoint.ts';
import { judgeStanding } from '../../src/app/ledger/judge-standing.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { Track } from '../../src/domain/shared/track.ts';
import type { AccountId, LossId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const postgres = withTestPostgres();
const openWorld = withRolloutWorlds(postgres);
/** What it is now, and what a copy of an earlier hour is. */
let now: RolloutWorld;
let old: RolloutWorld;
let plan: FrozenPlan;
let rolloutNo: number;
/** Everyone who got a mail, in order: the world's own word. */
let mailed: AccountId[];

const narrow: AcceptLossRequest = { isEveryone: false, vouched: null };
const taken = { kind: 'approved' } as const;
const wide: AcceptLossRequest = { isEveryone: true, vouched: null };

beforeEach(async () => {
  mailed = [];
  now = await openWorld();
  const people = now.addHolders(20);
  ({ plan, rolloutNo } = await now.startedPlan(people, {
    tellWaveSizes: [20],
    containWaveSizes: [20],
    smallPermitSize: 3,
  }));
  await now.advance(rolloutNo);
  while ((await now.run(rolloutNo, 'contain')) === 'settled');
  await now.advance(rolloutNo);
  await tell(now);
});

afterEach(async () => {
  await now.close();
  await old.close();
});

/** One permit of mail is sent into the world. */
async function tell(world: RolloutWorld): Promise<Awaited<ReturnType<RolloutWorld['run']>>> {
  await world.hearSensor();
  return world.run(rolloutNo, 'tell', {
    sendPermit: async (_plan, { permit }) => {
      const members = await world.store.transact((tx) =>
        tx.rollouts.mailMembers(rolloutNo, 'tell', permit.fromOrdinal, permit.size),
      );
      const outcome = permit.outcome.map((byte, index) => {
        if (byte !== deliveryByte('claimed')) return byte;
        const member = members.find((one) => one.ordinal === permit.fromOrdinal + index);
        if (member !== undefined) mailed.push(member.accountId);
        return deliveryByte('accepted');
      });
      return { outcome, notes: [], peerAway: false };
    },
  });
}

/** Takes a copy of the database now; what comes afterwards is missing in it. */
async function copyNow(): Promise<void> {
  await now.pool.end();
  const url = await postgres.cloneDatabase(now.url);
  const again = now.onDatabase(now.url);
  now.fence.stop();
  now = again;
  old = now.onDatabase(url);
}

function deps(world: RolloutWorld): AcceptLossDeps {
  return {
    store: world.store,
    log: world.checkpointLog,
    journal: world.journal,
    otherJournals: [],
    signer: world.ledgerKey,
    digests,
    signatures,
    clock: world.clock,
    deploymentId: world.deploymentId,
    ledgerPublicKey: world.ledgerKey.publicKey,
    directory: world.directory.name,
  };
}

/** As two people and whoever sits at the server's machine do it: put forward, signed by both, accepted. */
async function acceptByTwo(world: RolloutWorld, request: AcceptLossRequest, total: number): Promise<void> {
  const asked = await acceptLoss(deps(world), request, total);
  if (asked.kind !== 'waiting') throw new Error('nobody had to be asked');
  const yes = { digest: asked.digest, total, decision: 'accept-loss' } as const;
  for (const person of world.approvers) expect(await world.sayYes(person, asked.loss, yes)).toMatchObject(taken);
  expect((await acceptLoss(deps(world), request, total)).kind).toBe('accepted');
}

async function wordsOf(world: RolloutWorld, track: Track): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const byte of await world.outcomes(rolloutNo, track)) {
    const word =
      byte === deliveryByte('unknown') ? 'unknown' : byte === deliveryByte('accepted') ? 'accepted' : `${byte}`;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

async function goOn(world: RolloutWorld): Promise<void> {
  await world.agreeToResume(plan);
  expect((await world.resume(plan.id)).kind).toBe('resumed');
  for (let round = 0; round < 20; round += 1) {
    await world.advance(rolloutNo);
    const run = await tell(world);
    if (run === 'idle') return;
    if (typeof run === 'object') throw new Error(run.heldBy);
  }
}

test('nobody is mailed twice by a backup that is older than the mail, and everybody is mailed or shown as unknown', async () => {
  await now.writeCheckpoint();
  await copyNow();
  await tell(now);
  await tell(now);
  await now.writeCheckpoint();
  const before = [...mailed];
  expect(before).toHaveLength(9);

  // The worker finds out by itself, in the very transaction in which it would have taken a permit.
  expect(await tell(old)).toMatchObject({ isBehind: true });
  expect(await tell(old)).toMatchObject({ heldBy: expect.stringContaining('the database does not have it') });
  expect(mailed).toEqual(before);

  const loss = await previewLoss(deps(old), narrow);
  expect(loss.doubts).toEqual([]);
  expect(loss.tracks).toEqual([{ subject: plan.id, track: 'tell', people: 6 }]);
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3 });
  await acceptByTwo(old, narrow, 6);
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3, unknown: 6 });
  expect((await old.tracks(rolloutNo)).filter((track) => track.phase === 'running')).toEqual([]);

  await goOn(old);
  expect(new Set(mailed).size).toBe(mailed.length);
  expect(mailed).toHaveLength(20);
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 14, unknown: 6 });
  const verdict = await old.verifyLedger();
  expect(verdict.findings).toEqual([]);
  expect(verdict.checkpoints.lossesAccepted).toHaveLength(1);
});

test('a permit that was settled in the lost part is not read as never sent because its dot file is gone', async () => {
  // The copy is taken while a permit is open; its mails go out afterwards and it is settled.
  await now.hearSensor();
  const taken = await takePermit(now.runDeps(), rolloutNo, 'tell');
  if (taken.kind !== 'permit') throw new Error('no permit');
  now.journal.note(taken.entry);
  now.dotLog.begin(taken.permit).close();
  await now.writeCheckpoint();
  await copyNow();
  const outcome = taken.permit.outcome.map(() => deliveryByte('accepted'));
  await settlePermit(now.runDeps(), taken.permit, taken.limits, { outcome, notes: [], peerAway: false });
  now.dotLog.discard(taken.permit);
  await now.writeCheckpoint();

  await old.expirePermits();
  expect(await judgeStanding(deps(old))).toContain('a signed checkpoint');
  expect(await old.recover()).toBe(0);
  const { people, tracks } = await previewLoss(deps(old), narrow);
  expect(tracks).toEqual([{ subject: plan.id, track: 'tell', people: 3 }]);
  await acceptByTwo(old, narrow, people);
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3, unknown: 3 });
});

test('nor where the settling is all that was lost, and no checkpoint was written since', async () => {
  await now.writeCheckpoint();
  await now.hearSensor();
  const taken = await takePermit(now.runDeps(), rolloutNo, 'tell');
  if (taken.kind !== 'permit') throw new Error('no permit');
  now.journal.note(taken.entry);
  now.dotLog.begin(taken.permit).close();
  await copyNow();
  const outcome = taken.permit.outcome.map(() => deliveryByte('accepted'));
  expect(await finishPermit(now.runDeps(), taken, { outcome, notes: [], peerAway: false })).toBe('settled');

  await old.expirePermits();
  expect(await old.recover()).toBe(0);
  expect(await tell(old)).toMatchObject({ isBehind: true });
  const { people } = await previewLoss(deps(old), narrow);
  await acceptByTwo(old, narrow, people);
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3, unknown: 3 });
});

test('without a journal of the host that worked, only everyone or a person’s word is enough', async () => {
  await copyNow();
  await now.pool.query(`INSERT INTO worker (id, host, pid, code_version) VALUES ('w', 'host_elsewhere:boot', 1, 'x')`);
  await old.pool.query(`INSERT INTO worker (id, host, pid, code_version) VALUES ('w', 'host_elsewhere:boot', 1, 'x')`);
  await tell(now);
  await now.writeCheckpoint();
  const loss = await previewLoss(deps(old), narrow);
  expect(loss.doubts).toEqual([expect.stringContaining('host_elsewhere')]);
  await expect(acceptLoss(deps(old), narrow, loss.people)).rejects.toMatchObject({ code: 'guardrail-failed' });
  const all = await previewLoss(deps(old), wide);
  expect(all.people).toBe(17);
  await acceptByTwo(old, wide, 17);
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3, unknown: 17 });
  await goOn(old);
  expect(mailed).toHaveLength(6);
  expect((await old.verifyLedger()).findings).toEqual([]);
});

/** An older copy whose owner has just put forward what was lost; answers what two people sign. */
async function lossPutForward(): Promise<{ readonly loss: LossId; readonly digest: string }> {
  await now.writeCheckpoint();
  await copyNow();
  await tell(now);
  await tell(now);
  await now.writeCheckpoint();
  expect(await tell(old)).toMatchObject({ isBehind: true });
  const asked = await acceptLoss(deps(old), narrow, 6);
  if (asked.kind !== 'waiting') throw new Error('nobody had to be asked');
  return asked;
}

test('one person cannot accept a loss, however often they say it', async () => {
  const { loss, digest } = await lossPutForward();
  const yes = { digest, total: 6, decision: 'accept-loss' } as const;
  const [ben, cho] = old.approvers;
  expect(await old.sayYes(ben, loss, yes)).toMatchObject(taken);
  expect(await old.sayYes(ben, loss, yes)).toEqual({ kind: 'refused', reason: 'already-approved' });
  for (let time = 0; time < 2; time += 1)
    expect(await acceptLoss(deps(old), narrow, 6)).toMatchObject({ kind: 'waiting', loss, have: 1, required: 2 });
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3 });
  const before = [...mailed];
  expect(await tell(old)).toHaveProperty('heldBy');
  expect(mailed).toEqual(before);

  expect(await old.sayYes(cho, loss, yes)).toMatchObject(taken);
  expect((await acceptLoss(deps(old), narrow, 6)).kind).toBe('accepted');
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3, unknown: 6 });
});

test('what two people signed is this very loss: neither another way to accept it nor a yes to it again', async () => {
  const { loss, digest } = await lossPutForward();
  const yes = { digest, total: 6, decision: 'accept-loss' } as const;
  const [ben, cho] = old.approvers;
  expect(await old.sayYes(ben, loss, { ...yes, total: 5 })).toMatchObject({ reason: 'total-mismatch' });
  expect(await old.sayYes(ben, loss, { ...yes, decision: 'approve' })).toMatchObject({ reason: 'wrong-decision' });
  for (const person of [ben, cho]) await old.sayYes(person, loss, yes);
  const wider = await acceptLoss(deps(old), wide, (await previewLoss(deps(old), wide)).people);
  expect(wider).toMatchObject({ kind: 'waiting', have: 0 });
  expect(await wordsOf(old, 'tell')).toEqual({ accepted: 3 });

  await acceptByTwo(old, narrow, 6);
  // It is over: nobody can sign for the next one in advance.
  expect(await old.sayYes(ben, loss, yes)).toMatchObject({ reason: 'wrong-decision' });
});

test('a yes that was written into the database past us does not count', async () => {
  const { loss, digest } = await lossPutForward();
  const yes = { digest, total: 6, decision: 'accept-loss' } as const;
  await old.sayYes(old.approvers[0], loss, yes);
  await old.pool.query(
    `INSERT INTO approval (subject, digest, decision, operator_no, statement, signature, nonce, given_at, expires_at)
     SELECT subject, digest, decision, $1, statement, signature, md5(nonce), given_at, expires_at FROM approval WHERE subject = $2`,
    [Number(old.approvers[1].id.split('_')[1]), loss],
  );
  expect(await acceptLoss(deps(old), narrow, 6)).toMatchObject({ kind: 'waiting', have: 1 });
});

test('a plan that was started in the lost part is never started a second time', async () => {
  const batch = await now.addBatch(now.addHolders(3));
  const later = await now.draft([batch]);
  await now.approve(later);
  await now.writeCheckpoint();
  await copyNow();
  const started = await now.start(later);
  await now.advance(started);
  await now.run(started, 'contain');
  await now.writeCheckpoint();
  const loss = await previewLoss(deps(old), narrow);
  expect(loss.lostStarts).toEqual([later.id]);
  await acceptByTwo(old, narrow, loss.people);
  await expect(old.start(later)).rejects.toMatchObject({ code: 'conflict' });
  // Nor does anything else get the number of the rollout that was lost.
  const other = await old.draft([await old.addBatch(old.addHolders(3))]);
  await old.approve(other);
  expect(await old.start(other)).toBeGreaterThan(started);
});

test('the checkpoints of another deployment are no measure of this database', async () => {
  await copyNow();
  const stranger = await openWorld();
  await stranger.writeCheckpoint();
  const line = await readFile(join(stranger.stateDir, 'checkpoints.ndjson'), 'utf8');
  await stranger.close();
  await writeFile(join(now.stateDir, 'checkpoints.ndjson'), line);
  await expect(judgeStanding(deps(old))).rejects.toMatchObject({ code: 'environment-mismatch' });
});

test('whoever only has the database cannot pass a truncation off as an accepted loss', async () => {
  await now.writeCheckpoint();
  await copyNow();
  await tell(now);
  await now.writeCheckpoint();
  await old.pool.query('DELETE FROM behind');
  await old.pool.query(`INSERT INTO heard_journal (host, entry_hash) SELECT $1, hash FROM ledger_entry`, [
    old.journal.host,
  ]);
  expect(await judgeStanding(deps(old))).toContain('a signed checkpoint');
  expect((await previewLoss(deps(old), narrow)).chains.length).toBeGreaterThan(0);
});

test('a database that has all that is known outside is believed, and there is nothing to accept', async () => {
  await now.writeCheckpoint();
  await copyNow();
  expect(await judgeStanding(deps(now))).toBeNull();
  await expect(acceptLoss(deps(now), wide, 0)).rejects.toMatchObject({ code: 'conflict' });
});

test('a server whose database lost a part of the past while it ran writes no checkpoint over it', async () => {
  await now.writeCheckpoint();
  await copyNow();
  await tell(now);
  await now.writeCheckpoint();
  const { checkpointLog: log, clock, deploymentId, ledgerKey: signer } = now;
  // The writer of a running server; then the database behind it is another.
  let { store } = now;
  const writer = await openCheckpointWriter({
    store: { transact: (work) => store.transact(work) },
    log,
    signer,
    digests,
    clock,
    deploymentId,
  });
  expect(await writer.write()).toBe(0);
  ({ store } = old);
  const before = await readFile(join(now.stateDir, 'checkpoints.ndjson'), 'utf8');
  await expect(writer.write()).rejects.toMatchObject({ code: 'database-behind' });
  expect(await readFile(join(now.stateDir, 'checkpoints.ndjson'), 'utf8')).toBe(before);
});

test('a permit that could not be noted in the journal, and so was given back, is no loss', async () => {
  const full = {
    ...now.journal,
    note: () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  };
  await now.hearSensor();
  expect(await now.run(rolloutNo, 'tell', { journal: full })).toMatchObject({
    heldBy: expect.stringContaining('ENOSPC'),
  });
  await now.writeCheckpoint();
  await copyNow();
  expect(await judgeStanding(deps(now))).toBeNull();
});
