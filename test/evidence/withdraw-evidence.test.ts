import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planWithdrawal } from '../../src/app/evidence/plan-withdrawal.ts';
import type { WithdrawalSelection } from '../../src/app/evidence/select-withdrawal.ts';
import { showEvidence } from '../../src/app/evidence/show-evidence.ts';
import { withdrawEvidence } from '../../src/app/evidence/withdraw-evidence.ts';
import type { WithdrawalRequest } from '../../src/app/evidence/withdraw-evidence.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { EvidenceWorld, migratedPool } from './support/evidence-world.ts';

const postgres = withTestPostgres();
let template: string;
let world: EvidenceWorld;

/** Line 1 and 3 work on ann, 2 on bob, 4 meets cid only. */
const list = 'ann@x.com:pw\nbob@x.com:pw\nann@x.com:pw\ncid@x.com:guess\n';

function withdraw(selection: WithdrawalSelection, total: number, changes: Partial<WithdrawalRequest> = {}) {
  return withdrawEvidence(world.deps, {
    batch: 'batch_1',
    selection,
    cause: 'own-export',
    reason: 'The list is our own export, says Ida Holm.',
    by: 'operator_2',
    total,
    ...changes,
  });
}

const states = async () => Object.fromEntries((await world.evidenceRows()).map((row) => [row.account_id, row.state]));

describe('withdrawing evidence', () => {
  beforeAll(async () => {
    template = await postgres.freshDatabase();
    await (await migratedPool(template)).end();
  });
  beforeEach(async () => {
    world = new EvidenceWorld(await migratedPool(await postgres.cloneDatabase(template)));
    for (const id of ['ann', 'bob', 'cid']) world.directory.addHolder({ id, address: `${id}@x.com`, password: 'pw' });
    await world.import(list);
  });
  afterEach(() => world.close());

  it('the dry run counts and changes nothing', async () => {
    const plan = await planWithdrawal(world.deps, { batch: 'batch_1', selection: { kind: 'all' } });
    expect(plan).toEqual({
      byClass: { verified: 2, observed: 0, reported: 0, weak: 1 },
      evidence: 3,
      accounts: 3,
      heldByOther: 0,
      partlyCovered: 0,
      withoutEvidence: 0,
    });
    expect(await states()).toEqual({ ann: 'live', bob: 'live', cid: 'live' });
    expect(await world.ledgerEvents()).not.toContain('evidence.withdrawn');
  });

  it('withdrawn evidence stays, with its cause, its time and its ledger entry, the reason beside it', async () => {
    await withdraw({ kind: 'all' }, 3);
    expect(await states()).toEqual({ ann: 'withdrawn', bob: 'withdrawn', cid: 'withdrawn' });
    const [live, all] = await world.store.transact(async (tx) => [
      await tx.evidence.liveEvidence(['ann' as AccountId]),
      await tx.evidence.allEvidence(['ann' as AccountId]),
    ]);
    expect(live.size).toBe(0);
    expect(all.get('ann' as AccountId)).toMatchObject([{ class: 'verified', state: 'withdrawn', cause: 'own-export' }]);
    expect(all.get('ann' as AccountId)?.[0]?.withdrawnAt).toBeInstanceOf(Date);
    const entries = await world.store.transact((tx) => tx.ledger.read('installation', 0, 100));
    const entry = entries.at(-1);
    expect(entry).toMatchObject({ event: 'evidence.withdrawn', body: { cause: 'own-export', evidence: 3 } });
    expect(entry?.personal).toEqual({ reason: 'The list is our own export, says Ida Holm.' });
    expect(JSON.stringify(entry?.body)).not.toContain('Ida');
  });

  it('an account falls by lines only when every line that works on it is named', async () => {
    const selection = { kind: 'lines', lines: [1, 2, 4, 99] } as const;
    const plan = await withdraw(selection, 1);
    expect(plan).toMatchObject({ evidence: 1, partlyCovered: 1 });
    expect(await states()).toEqual({ ann: 'live', bob: 'withdrawn', cid: 'live' });
    const { sourceTally } = await showEvidence(world, 'batch_1');
    expect(sourceTally).toEqual({ batches: 1, live: 2, withdrawn: 1 });
    await withdraw({ kind: 'lines', lines: [1, 3] }, 1);
    expect(await states()).toEqual({ ann: 'withdrawn', bob: 'withdrawn', cid: 'live' });
  });

  it('an account whose lines were more than are kept never falls by lines', async () => {
    const repeated = Array.from({ length: 70 }, () => 'bob@x.com:pw').join('\n');
    await world.import(repeated);
    const lines = Array.from({ length: 70 }, (_, n) => n + 1);
    await expect(withdraw({ kind: 'lines', lines }, 1, { batch: 'batch_2' })).rejects.toMatchObject({
      code: 'nothing-selected',
      facts: { partlyCovered: 1 },
    });
  });

  it('an account that another list also names stays held, and the dry run says so', async () => {
    await world.import(`${list}# again\n`, { source: { name: 'another', authority: 'outside' } });
    const selection = { kind: 'accounts', accounts: ['ann', 'ann', 'cid', 'zoe'] as AccountId[] } as const;
    const plan = await planWithdrawal(world.deps, { batch: 'batch_1', selection });
    expect(plan).toMatchObject({ evidence: 2, accounts: 2, heldByOther: 2, withoutEvidence: 1 });
    await withdraw(selection, 2);
    const live = await world.store.transact((tx) => tx.evidence.liveEvidence(['ann', 'cid'] as AccountId[]));
    expect([...live.values()].flat().map((one) => one.batch)).toEqual(['batch_2', 'batch_2']);
  });

  it.each([
    [{ kind: 'lines', lines: [] }],
    [{ kind: 'lines', lines: [4] }],
    [{ kind: 'accounts', accounts: [] }],
    [{ kind: 'accounts', accounts: ['zoe' as AccountId] }],
  ] as readonly (readonly [WithdrawalSelection])[])(
    'a selection of nobody (%j) withdraws nothing',
    async (selection) => {
      await expect(withdraw(selection, 0)).rejects.toMatchObject({ code: 'nothing-selected' });
      expect(await states()).toEqual({ ann: 'live', bob: 'live', cid: 'live' });
    },
  );

  it('a total that was not looked up withdraws nothing, and so does a missing reason', async () => {
    await expect(withdraw({ kind: 'all' }, 2)).rejects.toMatchObject({ code: 'total-mismatch' });
    await expect(withdraw({ kind: 'all' }, 3, { reason: '  ' })).rejects.toMatchObject({ code: 'usage' });
    await expect(withdraw({ kind: 'all' }, 3, { batch: 'batch_9' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await states()).toEqual({ ann: 'live', bob: 'live', cid: 'live' });
    await withdraw({ kind: 'all' }, 3);
    await expect(withdraw({ kind: 'all' }, 3)).rejects.toMatchObject({ code: 'nothing-selected' });
  });

  it('an unfinished import holds what it found, and withdrawing it all abandons it', async () => {
    const broken = async function* () {
      yield Buffer.from('bob@x.com:pw\n'.repeat(1_000) + `${'-'.repeat(1_000)}\n`.repeat(5_000));
      throw new Error('the line went dead');
    };
    await expect(world.import(broken(), { anew: true })).rejects.toThrow('the line went dead');
    const live = await world.store.transact((tx) => tx.evidence.liveEvidence(['bob' as AccountId]));
    expect(live.get('bob' as AccountId)).toHaveLength(2);
    await expect(
      withdraw({ kind: 'accounts', accounts: ['bob' as AccountId] }, 1, { batch: 'batch_2' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await withdraw({ kind: 'all' }, 1, { batch: 'batch_2' });
    const batch = await world.store.transact((tx) => tx.evidence.readBatch('batch_2'));
    expect(batch?.state).toBe('abandoned');
  });

  it('line numbers of working passwords cannot be read in the database', async () => {
    const { rows } = await world.pool.query<{ evidence_no: number; sealed_lines: Buffer }>(
      `SELECT evidence_no, sealed_lines FROM evidence WHERE class = 'verified' ORDER BY 1`,
    );
    const [ann] = rows;
    expect(ann?.sealed_lines.includes(Buffer.from([0, 0, 0, 0, 0, 3]))).toBe(false);
    expect(world.seal.openBytes('evidence-lines:batch_1', ann?.sealed_lines as Buffer)).toEqual(
      Buffer.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 3]),
    );
    expect(() => world.seal.openBytes('evidence-lines:batch_2', ann?.sealed_lines as Buffer)).toThrow();
  });
});
