import { appendFile, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { anchorChains } from '../../src/app/ledger/anchor-chains.ts';
import { erasePersonal } from '../../src/app/ledger/erase-personal.ts';
import type { LedgerVerdict } from '../../src/app/ledger/verify-ledger.ts';
import { entryHash } from '../../src/domain/ledger/entry-hash.ts';
import { makeLedgerWorld, migratedDatabase } from '../support/ledger-world.ts';
import type { LedgerWorld, RunSql } from '../support/ledger-world.ts';
import { withTestPostgres } from '../support/postgres.ts';

/** Trials of each planted tampering, at random places: "always found" means in at least 1 - 3/N of cases (95 %). */
const trials = 40;
const chainLength = 24;
const chain = 'rollout:7';

const postgres = withTestPostgres();
let world: LedgerWorld;

beforeAll(async () => {
  world = await makeLedgerWorld(await migratedDatabase(await postgres.freshDatabase()));
  await appendMany(world, chainLength);
  await world.writeCheckpoint();
  await appendMany(world, 2);
});

async function appendMany(to: LedgerWorld, count: number, mark = 'genuine'): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await to.store.transact((tx) =>
      tx.ledger.append({ chain, event: 'notice.disputed', body: { n, mark }, personal: { note: `said ${n}` } }),
    );
    await to.store.transact((tx) => tx.ledger.append({ chain: 'installation', event: 'rollout.halted', body: { n } }));
  }
}

/** Runs `trials` seeded cases over positions of the chain, between `first` and `last`. */
async function atManyPlaces(first: number, last: number, check: (seq: number) => Promise<void>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: first, max: last }), async (seq) => check(seq)),
    { numRuns: trials, seed: 2014 },
  );
}

/** Rewrites everything from `seq` on as a chain that is whole in itself: what a thief with the code would do. */
async function rewriteFrom(run: RunSql, seq: number): Promise<void> {
  const rows = await run<{ seq: number; at: Date; event: string; body: string; prev_hash: string }>(
    'SELECT seq, at, event, body, prev_hash FROM ledger_entry WHERE chain = $1 AND seq >= $2 ORDER BY seq',
    [chain, seq],
  );
  let prevHash = rows[0]!.prev_hash;
  for (const row of rows) {
    const body = row.seq === seq ? { ...(JSON.parse(row.body) as object), n: 999 } : (JSON.parse(row.body) as object);
    const at = row.at.toISOString();
    const hash = entryHash({ chain, seq: row.seq, at, event: row.event, body, prevHash }, digests);
    await run('UPDATE ledger_entry SET body = $3, prev_hash = $4, hash = $5 WHERE chain = $1 AND seq = $2', [
      chain,
      row.seq,
      digests.canonical(body),
      prevHash,
      hash,
    ]);
    prevHash = hash;
  }
  await run('UPDATE ledger_head SET hash = $2 WHERE chain = $1', [chain, prevHash]);
}

function located(verdict: LedgerVerdict): string[] {
  return verdict.findings.map((found) => `${found.kind} ${found.chain} ${found.seq}`).toSorted();
}

describe('a ledger that nobody touched', () => {
  test('is called whole, with everything that came after the last checkpoint', async () => {
    const verdict = await world.verify();
    expect(verdict.findings).toEqual([]);
    expect(verdict.whole).toBe(true);
    expect(verdict.checkpoints.count).toBe(1);
    expect(verdict.chains.find((one) => one.chain === chain)?.entries).toBe(chainLength + 2);
  });

  test('names no chain twice and orders them', async () => {
    expect((await world.verify()).chains.map((one) => one.chain)).toEqual(['installation', chain]);
  });
});

describe(`a tampering by SQL, at ${trials} random places each`, () => {
  test('a changed body is found where it is', async () => {
    await atManyPlaces(1, chainLength, async (seq) => {
      const verdict = await world.verifyAfter(async (run) => {
        await run(`UPDATE ledger_entry SET body = replace(body, '"n":', '"n":1') WHERE chain = $1 AND seq = $2`, [
          chain,
          seq,
        ]);
      });
      expect(located(verdict)).toEqual([`edited ${chain} ${seq}`]);
    });
  });

  test('a changed time is found where it is', async () => {
    await atManyPlaces(1, chainLength + 2, async (seq) => {
      const verdict = await world.verifyAfter(async (run) => {
        await run(`UPDATE ledger_entry SET at = at - interval '1 millisecond' WHERE chain = $1 AND seq = $2`, [
          chain,
          seq,
        ]);
      });
      expect(located(verdict)).toEqual([`edited ${chain} ${seq}`]);
    });
  });

  test('a changed event, hash, link or way of writing is found where it is', async () => {
    const edits = [
      `event = 'rollout.resumed'`,
      `hash = repeat('a', 64)`,
      `prev_hash = repeat('b', 64)`,
      `body = body || ' '`,
    ];
    await atManyPlaces(0, edits.length * chainLength - 1, async (place) => {
      const seq = 1 + Math.floor(place / edits.length);
      const edit = edits[place % edits.length]!;
      const verdict = await world.verifyAfter(async (run) => {
        await run(`UPDATE ledger_entry SET ${edit} WHERE chain = $1 AND seq = $2`, [chain, seq]);
      });
      expect(located(verdict)).toContain(`edited ${chain} ${seq}`);
    });
  });

  test('a body that was changed together with its own hash is found where it is', async () => {
    await atManyPlaces(1, chainLength + 2, async (seq) => {
      const verdict = await world.verifyAfter(async (run) => {
        const rows = await run<{ at: Date; event: string; body: string; prev_hash: string }>(
          'SELECT at, event, body, prev_hash FROM ledger_entry WHERE chain = $1 AND seq = $2',
          [chain, seq],
        );
        const { at, event, body: text, prev_hash: prevHash } = rows[0]!;
        const body = { ...(JSON.parse(text) as object), n: 999 };
        const hash = entryHash({ chain, seq, at: at.toISOString(), event, body, prevHash }, digests);
        await run('UPDATE ledger_entry SET body = $3, hash = $4 WHERE chain = $1 AND seq = $2', [
          chain,
          seq,
          digests.canonical(body),
          hash,
        ]);
      });
      expect(located(verdict)).toEqual([`edited ${chain} ${seq}`]);
    });
  });

  test('a dropped middle entry is found where it was', async () => {
    await atManyPlaces(1, chainLength + 1, async (seq) => {
      const verdict = await world.verifyAfter(async (run) => {
        await run('DELETE FROM ledger_entry WHERE chain = $1 AND seq = $2', [chain, seq]);
      });
      expect(located(verdict)).toEqual([`dropped ${chain} ${seq}`]);
    });
  });

  test('a dropped end is found by the head that was left', async () => {
    await atManyPlaces(1, chainLength + 1, async (seq) => {
      const verdict = await world.verifyAfter(async (run) => {
        await run('DELETE FROM ledger_entry WHERE chain = $1 AND seq > $2', [chain, seq]);
      });
      expect(located(verdict)).toEqual([`truncated ${chain} ${seq + 1}`]);
    });
  });

  test('a dropped end is found by its anchor when the head was put right too', async () => {
    await atManyPlaces(1, chainLength - 1, async (seq) => {
      const verdict = await world.verifyAfter(async (run) => {
        await run('DELETE FROM ledger_entry WHERE chain = $1 AND seq > $2', [chain, seq]);
        await run(
          `UPDATE ledger_head h SET seq = e.seq, hash = e.hash FROM ledger_entry e
           WHERE h.chain = $1 AND e.chain = $1 AND e.seq = $2`,
          [chain, seq],
        );
      });
      expect(located(verdict)).toEqual([`truncated ${chain} ${seq + 1}`]);
    });
  });

  test('a whole chain that is gone is found by its anchor', async () => {
    const verdict = await world.verifyAfter(async (run) => {
      await run('DELETE FROM ledger_entry WHERE chain = $1', [chain]);
      await run('DELETE FROM ledger_head WHERE chain = $1', [chain]);
    });
    expect(located(verdict)).toEqual([`truncated ${chain} 1`]);
  });

  test('two entries that changed places are found where they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: chainLength + 2 }), { minLength: 2, maxLength: 2 }),
        fc.boolean(),
        async ([left, right], whole) => {
          const verdict = await world.verifyAfter(async (run) => {
            await swap(run, left!, right!, whole ? 'seq' : 'content');
          });
          for (const seq of [left!, right!]) expect(located(verdict)).toContain(`reordered ${chain} ${seq}`);
        },
      ),
      { numRuns: trials, seed: 2014 },
    );
  });

  test('a chain rewritten from some entry on, whole in itself, is found as a fork by the checkpoint', async () => {
    await atManyPlaces(1, chainLength, async (seq) => {
      const verdict = await world.verifyAfter((run) => rewriteFrom(run, seq));
      expect(located(verdict)).toEqual([`forked ${chain} ${chainLength}`]);
    });
  });

  test('a changed personal value is found, and so is one that vanished without a word', async () => {
    await atManyPlaces(1, chainLength + 2, async (seq) => {
      const edited = await world.verifyAfter(async (run) => {
        await run(`UPDATE ledger_personal SET value = 'other' WHERE chain = $1 AND seq = $2`, [chain, seq]);
      });
      expect(located(edited)).toEqual([`edited ${chain} ${seq}`]);
      const vanished = await world.verifyAfter(async (run) => {
        await run('UPDATE ledger_personal SET salt = NULL, value = NULL WHERE chain = $1 AND seq = $2', [chain, seq]);
      });
      expect(located(vanished)).toEqual([`dropped ${chain} ${seq}`]);
    });
  });
});

async function swap(run: RunSql, left: number, right: number, how: 'seq' | 'content'): Promise<void> {
  if (how === 'seq') {
    await run('UPDATE ledger_entry SET seq = 9000 WHERE chain = $1 AND seq = $2', [chain, left]);
    await run('UPDATE ledger_entry SET seq = $2 WHERE chain = $1 AND seq = $3', [chain, left, right]);
    await run('UPDATE ledger_entry SET seq = $2 WHERE chain = $1 AND seq = 9000', [chain, right]);
    return;
  }
  await run(
    `UPDATE ledger_entry e SET at = o.at, event = o.event, body = o.body FROM ledger_entry o
     WHERE e.chain = $1 AND o.chain = $1 AND e.seq IN ($2, $3) AND o.seq = $2::bigint + $3::bigint - e.seq`,
    [chain, left, right],
  );
}

describe('an older copy of the database', () => {
  test('that took the place of the newer one is found as rolled back, with the first missing entry', async () => {
    const url = await migratedDatabase(await postgres.freshDatabase());
    const before = await makeLedgerWorld(url);
    await appendMany(before, 3);
    await before.close();
    const copy = await postgres.cloneDatabase(url);
    const after = before.onDatabase(url);
    await appendMany(after, 5);
    await after.writeCheckpoint();
    await after.close();

    const restored = before.onDatabase(copy);
    expect(located(await restored.verify())).toEqual(['rolled-back installation 5', `rolled-back ${chain} 4`]);

    await appendMany(restored, 20, 'after the restore');
    expect(located(await restored.verify())).toEqual(['forked installation 10', `forked ${chain} 8`]);
    await restored.close();
  });
});

describe('the checkpoint file', () => {
  test('does not vouch for anything once a byte of a line was changed', async () => {
    const genuine = await readFile(world.checkpointPath, 'utf8');
    try {
      await writeFile(world.checkpointPath, genuine.replace(/"seq":[0-9]+/, '"seq":1'));
      const verdict = await world.verify();
      expect(located(verdict)).toEqual(['edited checkpoints 1']);
      expect(verdict.checkpoints.count).toBe(0);
    } finally {
      await writeFile(world.checkpointPath, genuine);
    }
  });

  test('survives a line that a crash cut short, and the next checkpoint stands whole', async () => {
    const genuine = await readFile(world.checkpointPath, 'utf8');
    try {
      await appendFile(world.checkpointPath, '{"deployment":"dep_');
      expect((await world.verify()).whole).toBe(true);
      expect(await world.writeCheckpoint()).toBeGreaterThan(0);
      const verdict = await world.verify();
      expect(verdict.whole).toBe(true);
      expect(verdict.checkpoints.count).toBe(2);
    } finally {
      await writeFile(world.checkpointPath, genuine);
    }
  });
});

describe('what stands beside the chain', () => {
  test('a personal value that was erased leaves the chain whole, and nothing of it can be read', async () => {
    expect(await erasePersonal(world.store, { chain, seq: 3, field: 'note' })).toBe(true);
    expect(await erasePersonal(world.store, { chain, seq: 3, field: 'note' })).toBe(false);
    expect((await world.verify()).findings).toEqual([]);
    const [entry] = await world.store.transact((tx) => tx.ledger.read(chain, 2, 1));
    expect(entry?.personal).toEqual({ note: null });
    expect(JSON.stringify(entry)).not.toContain('said');
  });

  test('an outcome vector that was changed or lost is found by the newest entry of its range', async () => {
    const first = new Uint8Array([1, 2, 3]);
    const second = new Uint8Array([3, 3, 3]);
    await settle(1, first);
    await settle(2, second);
    world.vectors.set('9 contain 0 2', second);
    expect(await world.verify()).toMatchObject({ whole: true, rangesChecked: 1 });

    world.vectors.set('9 contain 0 2', new Uint8Array([3, 3, 4]));
    expect(located(await world.verify())).toEqual(['edited rollout:9 2']);
    world.vectors.clear();
    expect(located(await world.verify())).toEqual(['dropped rollout:9 2']);

    const third = new Uint8Array([3, 3, 9]);
    await settle(3, third, 'permit.taken');
    world.vectors.set('9 contain 0 3', third);
    expect(await world.verify()).toMatchObject({ whole: true, rangesChecked: 1 });
  });

  async function settle(
    attempt: number,
    vector: Uint8Array,
    event: 'permit.settled' | 'permit.taken' = 'permit.settled',
  ): Promise<void> {
    const body = { track: 'contain', from: 0, attempt, outcomes: digests.sha256(vector) };
    await world.store.transact((tx) => tx.ledger.append({ chain: 'rollout:9', event, body }));
    await anchorChains(world.store);
  }
});
