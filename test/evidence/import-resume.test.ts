import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { showEvidence } from '../../src/app/evidence/show-evidence.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { streamOf, utf8 } from './support/bytes.ts';
import { EvidenceWorld, migratedPool } from './support/evidence-world.ts';

const postgres = withTestPostgres();
let template: string;
const worlds: EvidenceWorld[] = [];

async function freshWorld(): Promise<EvidenceWorld> {
  const world = new EvidenceWorld(await migratedPool(await postgres.cloneDatabase(template)));
  for (let n = 0; n < 40; n += 1) {
    world.directory.addHolder({ id: `h${n}`, address: `h${n}@x.com`, password: `pw${n % 30}` });
  }
  worlds.push(world);
  return world;
}

/** 6,000 lines, all of which meet an account: flushes after 1,000 each. Repeats across flushes are part of the trap. */
const lines = Array.from({ length: 6_000 }, (_, n) => `h${n % 40}@x.com:pw${n % 31}\r\n`);
const list = lines.join('');

class Crash extends Error {}

/** The list, of which the power goes after `afterBytes`. */
async function* interrupted(afterBytes: number) {
  yield* streamOf(utf8(list).slice(0, afterBytes), [50_000]);
  throw new Crash();
}

describe('importing a list again', () => {
  beforeAll(async () => {
    template = await postgres.freshDatabase();
    await (await migratedPool(template)).end();
  });
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.close()));
  });

  it('an import that was cut off goes on after its last commit and ends as if nothing had happened', async () => {
    const straight = await freshWorld();
    await straight.import(list);
    const expected = await showEvidence(straight, 'batch_1');

    for (const failingCommit of [1, 4]) {
      const world = await freshWorld();
      let commits = 0;
      const transact = world.store.transact.bind(world.store);
      const flaky = {
        transact: ((work) =>
          transact(async (tx) => {
            const done = await work(tx);
            commits += 1;
            // The first transaction begins the batch; the crash comes before this one could commit.
            if (commits === 1 + failingCommit) throw new Crash();
            return done;
          })) as typeof transact,
      };
      const good = world.deps.store;
      Object.assign(world.deps, { store: flaky });
      await expect(world.import(list)).rejects.toBeInstanceOf(Crash);
      Object.assign(world.deps, { store: good });

      const settled = (await showEvidence(world, 'batch_1')).batch.mark.lines;
      expect(settled).toBe((failingCommit - 1) * 1_000);
      const outcome = await world.import(streamOf(utf8(list), [997, 31]));
      expect(outcome).toEqual({ kind: 'imported', batch: 'batch_1', resumedAfterLine: settled });
      const resumed = await showEvidence(world, 'batch_1');
      expect(resumed.tally).toEqual(expected.tally);
      expect(resumed.facts).toEqual(expected.facts);
      expect(resumed.batch.mark).toEqual(expected.batch.mark);
      expect(resumed.batch.refused).toEqual(expected.batch.refused);
      expect([resumed.batch.accepted, resumed.batch.linesMet]).toEqual([6_000, 6_000]);
      expect(await world.evidenceRows()).toEqual(await straight.evidenceRows());
    }
  });

  it('a stream that breaks fails the import and settles nothing that was not read', async () => {
    const world = await freshWorld();
    await expect(world.import(interrupted(70_000))).rejects.toBeInstanceOf(Crash);
    expect(await world.evidenceRows()).toEqual([]);
  });

  it('a stream that breaks far into the list is taken up where it was settled, by whatever chunks', async () => {
    const world = await freshWorld();
    const long = `${list}${'stranger@elsewhere.example:pass\n'.repeat(150_000)}h1@x.com:pw1\n`;
    const broken = async function* () {
      yield* streamOf(utf8(long).slice(0, 4_500_000), [64_000]);
      throw new Crash();
    };
    await expect(world.import(broken())).rejects.toBeInstanceOf(Crash);
    const { batch } = await showEvidence(world, 'batch_1');
    expect(batch.state).toBe('importing');
    expect(batch.mark.lines).toBeGreaterThan(100_000);
    const hashed = world.schemes.asked.length;
    const outcome = await world.import(streamOf(utf8(long), [70_001, 13]));
    expect(outcome).toEqual({ kind: 'imported', batch: 'batch_1', resumedAfterLine: batch.mark.lines });
    // The one pair after the break was tried before the break, and its verdict was lost with that run.
    expect(world.schemes.asked).toHaveLength(hashed + 1);
    expect((await showEvidence(world, 'batch_1')).batch).toMatchObject({ linesMet: 6_001, mark: { lines: 156_001 } });
  });

  it('an import that is refused lets go of its stream', async () => {
    const world = await freshWorld();
    let released = 0;
    const held = async function* (text: string) {
      try {
        yield utf8(text);
        yield utf8(text.repeat(200_000));
      } finally {
        released += 1;
      }
    };
    await world.import('a@b.c:d');
    const own = { source: { name: 'a forum', authority: 'own' } } as const;
    await expect(world.import(held('a line of thirty-odd characters\n'), own)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(released).toBe(1);
  });

  it('the same list from the same source is answered with its batch and costs no hash', async () => {
    const world = await freshWorld();
    await world.import(list);
    const hashed = world.schemes.asked.length;
    const rows = await world.evidenceRows();
    expect(await world.import(list)).toEqual({ kind: 'already-imported', batch: 'batch_1' });
    expect(world.schemes.asked).toHaveLength(hashed);
    expect(await world.evidenceRows()).toEqual(rows);
    const other = await world.import(list, { source: { name: 'another', authority: 'outside' } });
    expect(other).toMatchObject({ kind: 'imported', batch: 'batch_2' });
    expect(await world.import(list, { anew: true })).toMatchObject({ kind: 'imported', batch: 'batch_3' });
  });

  it('a list that differs in its last line only is another list', async () => {
    const world = await freshWorld();
    await world.import(list);
    expect(await world.import(`${list}h1@x.com:other\n`)).toMatchObject({ kind: 'imported', batch: 'batch_2' });
  });

  it('a list past its head that differs from the one begun is refused, not mixed into it', async () => {
    const world = await freshWorld();
    const head = `${'stranger@elsewhere.example:pass\n'.repeat(140_000)}`;
    await world.import(`${head}h1@x.com:pw1\n`);
    await expect(world.import(`${head}h2@x.com:pw2\n`)).rejects.toMatchObject({ code: 'conflict' });
    expect(await world.import(`${head}h2@x.com:pw2\n`, { anew: true })).toMatchObject({ batch: 'batch_2' });
    expect((await world.evidenceRows()).map((row) => row.account_id)).toEqual(['h1', 'h2']);
  });

  it('of two imports of one list at once, one is refused and nothing is counted twice', async () => {
    const world = await freshWorld();
    const both = await Promise.allSettled([world.import(list), world.import(list)]);
    const kinds = both.map((one) => (one.status === 'fulfilled' ? one.value.kind : one.reason.code));
    expect(kinds).toContain('imported');
    expect(kinds.filter((kind) => kind === 'imported')).toHaveLength(1);
    const { batch } = await showEvidence(world, 'batch_1');
    expect([batch.state, batch.mark.lines, batch.linesMet]).toEqual(['finished', 6_000, 6_000]);
    await expect(showEvidence(world, 'batch_2')).rejects.toMatchObject({ code: 'not-found' });
  });
});
