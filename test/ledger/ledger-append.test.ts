import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeCheckpointFile } from '../../src/adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey } from '../../src/adapters/crypto/signing-key.ts';
import { anchorChains } from '../../src/app/ledger/anchor-chains.ts';
import { openCheckpointWriter } from '../../src/app/ledger/write-checkpoint.ts';
import type { NewLedgerEntry } from '../../src/app/ports/ledger-store.ts';
import { openDeployment } from '../../src/app/deployment/open-deployment.ts';
import { fixedClock, makeLedgerWorld, migratedDatabase } from '../support/ledger-world.ts';
import type { LedgerWorld } from '../support/ledger-world.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const postgres = withTestPostgres();
let world: LedgerWorld;

beforeAll(async () => {
  world = await makeLedgerWorld(await migratedDatabase(await postgres.freshDatabase()));
});

function append(entry: NewLedgerEntry): Promise<{ seq: number; hash: string }> {
  return world.store.transact((tx) => tx.ledger.append(entry));
}

describe('appending', () => {
  test('many writers on many chains leave every chain whole, without a gap and with every entry', async () => {
    const chains = 6;
    const perChain = 20;
    const entries = Array.from({ length: chains * perChain }, (_, place): NewLedgerEntry => {
      const chain = `rollout:${100 + (place % chains)}` as const;
      return { chain, event: 'permit.taken', body: { place } };
    });
    await Promise.all(entries.map(append));
    const verdict = await world.verify();
    expect(verdict.findings).toEqual([]);
    for (let no = 100; no < 100 + chains; no += 1) {
      expect(verdict.chains.find((one) => one.chain === `rollout:${no}`)?.entries).toBe(perChain);
    }
  });

  test('an entry whose transaction rolls back leaves no trace and no gap', async () => {
    const before = await append({ chain: 'rollout:1', event: 'permit.taken', body: {} });
    const rolledBack = world.store.transact(async (tx) => {
      await tx.ledger.append({ chain: 'rollout:1', event: 'permit.settled', body: {} });
      throw new Error('the change itself failed');
    });
    await expect(rolledBack).rejects.toThrow('the change itself failed');
    const after = await append({ chain: 'rollout:1', event: 'permit.taken', body: {} });
    expect(after.seq).toBe(before.seq + 1);
    expect((await world.verify()).whole).toBe(true);
  });

  test("a halt's entry does not wait for an open permit that holds its rollout's chain", async () => {
    const permit = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const permitTaken = world.store.transact(async (tx) => {
      await tx.ledger.append({ chain: 'rollout:2', event: 'permit.taken', body: {} });
      held.resolve();
      await permit.promise;
    });
    await held.promise;
    const halt = await append({ chain: 'installation', event: 'rollout.halted', body: { rollout: 2 } });
    expect(halt.seq).toBeGreaterThan(0);
    await anchorChains(world.store);
    permit.resolve();
    await permitTaken;
    expect((await world.verify()).whole).toBe(true);
  });

  test('an event that nobody listed is refused', async () => {
    const unknown = { chain: 'installation', event: 'rollout.vanished', body: {} } as unknown as NewLedgerEntry;
    await expect(append(unknown)).rejects.toMatchObject({ code: 'internal' });
  });

  test('an entry comes back as it was written, with its personal values beside it', async () => {
    const body = { 'ä"\u2028': [1, 2.5, { b: null, a: true }], note: 'Ω\n\\' };
    const { seq } = await append({ chain: 'rollout:3', event: 'notice.disputed', body, personal: { by: 'Jörg' } });
    const [entry] = await world.store.transact((tx) => tx.ledger.read('rollout:3', seq - 1, 10));
    expect(entry).toMatchObject({ chain: 'rollout:3', seq, event: 'notice.disputed', body, personal: { by: 'Jörg' } });
    const { rows } = await world.pool.query("SELECT body FROM ledger_entry WHERE chain = 'rollout:3'");
    expect(rows[0].body).not.toContain('Jörg');
    expect((await world.verify()).whole).toBe(true);
  });

  test('a moved chain is anchored once, and again only when it moved again', async () => {
    await anchorChains(world.store);
    expect(await anchorChains(world.store)).toBe(0);
    for (let n = 0; n < 25; n += 1) await append({ chain: `rollout:${300 + n}`, event: 'permit.taken', body: {} });
    expect(await anchorChains(world.store)).toBe(25);
    expect(await anchorChains(world.store)).toBe(0);
  });
});

describe('verifying', () => {
  test('beside a working server never takes what is being written for a tampering', async () => {
    let isWriting = true;
    for (let from = 0; from < 5; from += 1) {
      const vector = new Uint8Array([from]);
      const body = { track: 'tell', from, attempt: 1, outcomes: digests.sha256(vector) };
      await append({ chain: 'rollout:5', event: 'permit.settled', body });
      world.vectors.set(`5 tell ${from} 1`, vector);
    }
    const writers = [0, 1, 2].map(async (writer) => {
      for (let n = 0; isWriting; n += 1) {
        await append({ chain: `rollout:${400 + writer}`, event: 'permit.taken', body: { n } });
        if (n % 5 === 0) await anchorChains(world.store);
      }
    });
    const rounds = 12;
    for (let round = 0; round < rounds; round += 1) {
      await world.writeCheckpoint();
      expect((await world.verify()).findings).toEqual([]);
    }
    isWriting = false;
    await Promise.all(writers);
    expect((await world.verify()).rangesChecked).toBe(5);
  });
});

describe('the checkpoint file', () => {
  test('is readable by its owner only and gets a line only when a chain moved', async () => {
    const path = join(makeTempFolder('checkpoints'), 'kept', 'checkpoints.ndjson');
    const { store, deploymentId } = world;
    const deps = { store, log: makeCheckpointFile(path), signer: makeSigningKey(), digests, clock: fixedClock };
    const writer = await openCheckpointWriter({ ...deps, deploymentId });
    await append({ chain: 'rollout:4', event: 'permit.taken', body: {} });
    expect(await writer.write()).toBeGreaterThan(0);
    expect(await writer.write()).toBe(0);
    await append({ chain: 'rollout:4', event: 'permit.settled', body: {} });
    // The rollout's chain, and the installation's with its anchor.
    expect(await writer.write()).toBe(2);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(await (await openCheckpointWriter({ ...deps, deploymentId })).write()).toBe(0);
  });
});

describe('the deployment', () => {
  test('is found again, and refuses a server of another environment or with another ledger key', async () => {
    const deps = { store: world.store, digests };
    const [stored] = await world.store.transact(async (tx) => [await tx.deployment.read()]);
    const same = { name: 'again', environment: 'sample', ledgerPublicKey: stored!.ledgerPublicKey };
    expect((await openDeployment(deps, same)).deploymentId).toBe(world.deploymentId);
    await expect(openDeployment(deps, { ...same, environment: 'production' })).rejects.toMatchObject({
      code: 'environment-mismatch',
    });
    await expect(openDeployment(deps, { ...same, ledgerPublicKey: makeSigningKey().publicKey })).rejects.toMatchObject({
      code: 'key-missing',
    });
  });
});
