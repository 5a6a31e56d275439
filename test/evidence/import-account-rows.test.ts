import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { showEvidence } from '../../src/app/evidence/show-evidence.ts';
import type { Account } from '../../src/app/ports/directory.ts';
import type { EvidenceCursor } from '../../src/app/ports/evidence-store.ts';
import type { Evidence } from '../../src/domain/evidence/evidence.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { EvidenceWorld, migratedPool } from './support/evidence-world.ts';

const postgres = withTestPostgres();
let template: string;
let world: EvidenceWorld;

const observed = { class: 'observed', source: { name: 'sign-in log', authority: 'own' } } as const;
const reported = { class: 'reported', source: { name: 'desk', authority: 'own' }, reportedBy: 'Ida Holm' } as const;

describe('importing observed and reported lists', () => {
  beforeAll(async () => {
    template = await postgres.freshDatabase();
    await (await migratedPool(template)).end();
  });
  afterEach(() => world.close());

  async function freshWorld(): Promise<EvidenceWorld> {
    world = new EvidenceWorld(await migratedPool(await postgres.cloneDatabase(template)));
    for (const id of ['u1', 'u2', 'U1']) world.directory.addHolder({ id, address: null, password: 'x' });
    return world;
  }

  it('an observed event is evidence about exactly the account whose id it names, once per event', async () => {
    await freshWorld();
    await world.import(
      [
        'account_id,event_id,time,rule',
        'u1,e1,2026-11-01T10:00:00Z,r7',
        'u1,e2,2026-11-01T11:00:00Z,r7',
        'u1,e1,2026-11-01T10:00:00Z,r7',
        'u1 ,e3,2026-11-01T10:00:00Z,r7',
        'ghost,e4,2026-11-01T10:00:00Z,r7',
        'u2,e5,soon,r7',
      ].join('\n'),
      observed,
    );
    const { batch, facts } = await showEvidence(world, 'batch_1');
    expect(batch.refused).toEqual({ header: 1, 'unknown-account': 2, 'unreadable-time': 1 });
    expect([batch.accepted, batch.linesMet, facts.accounts]).toEqual([5, 3, 1]);
    const page = await world.store.transact((tx) =>
      tx.evidence.pageOfBatch('batch_1', { classes: ['observed'], states: ['live'], after: null, limit: 10 }),
    );
    expect(
      page.map((one) => [one.accountId, one.eventId, one.eventAt?.toISOString(), one.rule, one.authority]),
    ).toEqual([
      ['u1', 'e1', '2026-11-01T10:00:00.000Z', 'r7', 'own'],
      ['u1', 'e2', '2026-11-01T11:00:00.000Z', 'r7', 'own'],
    ]);
    expect((await world.evidenceRows()).map((row) => row.lines_total)).toEqual([2, 1]);
  });

  it('an event from before the present password was set says so', async () => {
    await freshWorld();
    const { directory } = world;
    const readAccounts = directory.readAccounts.bind(directory);
    directory.readAccounts = async (ids) =>
      new Map<AccountId, Account>(
        [...(await readAccounts(ids))].map(([id, account]) => [
          id,
          { ...account, passwordSetAt: new Date('2026-11-01T10:30:00Z') },
        ]),
      );
    await world.import('u1,e1,2026-11-01T10:00:00Z,r\nu1,e2,2026-11-01T11:00:00Z,r', observed);
    expect((await world.evidenceRows()).map((row) => row.remark)).toEqual(['older-than-password', null]);
    expect((await showEvidence(world, 'batch_1')).facts.olderThanPassword).toBe(1);
  });

  it('a reported account carries the reason, and the list the name of who reports', async () => {
    await freshWorld();
    await world.import('u2,"rang us, shaken"\nnobody,heard of it', reported);
    const live = await world.store.transact((tx) => tx.evidence.liveEvidence(['u1', 'u2'] as AccountId[]));
    expect([...live.keys()]).toEqual(['u2']);
    expect(live.get('u2' as AccountId)).toMatchObject([
      { class: 'reported', reason: 'rang us, shaken', eventId: null },
    ]);
    expect((await showEvidence(world, 'batch_1')).batch.reportedBy).toBe('Ida Holm');
    await expect(world.import('u2,x', { ...reported, reportedBy: null })).rejects.toMatchObject({ code: 'usage' });
    await expect(world.import('a@b.c:x', { reportedBy: 'Ida Holm' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('pages of a batch go through every account once, in byte order', async () => {
    await freshWorld();
    const ids = Array.from({ length: 1_500 }, (_, n) => `acc-${(n * 7919) % 1_500}`);
    for (const id of ids) world.directory.addHolder({ id, address: null, password: 'x' });
    await world.import(ids.map((id) => `${id},because`).join('\n'), reported);
    const seen: string[] = [];
    let after: EvidenceCursor | null = null;
    for (;;) {
      const cursor = after;
      const page: readonly Evidence[] = await world.store.transact((tx) =>
        tx.evidence.pageOfBatch('batch_1', { classes: ['reported'], states: ['live'], after: cursor, limit: 400 }),
      );
      seen.push(...page.map((one) => one.accountId));
      const last = page.at(-1);
      if (last === undefined) break;
      after = { accountId: last.accountId, evidenceNo: last.evidenceNo };
    }
    expect(seen).toEqual(ids.toSorted());
  });
});
