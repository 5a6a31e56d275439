import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { entryHash, genesisHash } from '../../src/domain/ledger/entry-hash.ts';
import { withServedCampaign } from './served-campaign.ts';

const listed = z.object({
  chain: z.string(),
  seq: z.number(),
  at: z.string(),
  event: z.string(),
  body: z.record(z.string(), z.unknown()),
  prevHash: z.string(),
  hash: z.string(),
});

const served = withServedCampaign();

async function all(
  path: string,
  items: string,
  limit: number,
  between: () => Promise<unknown> = async () => undefined,
) {
  const seen: Record<string, unknown>[] = [];
  let pages = 0;
  for (let next: string | null = ''; next !== null; pages += 1) {
    const after: string = next === '' ? '' : `&after=${next}`;
    const answer = await served().ask(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${after}`);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { next: string | null } & Record<string, Record<string, unknown>[]>;
    expect(body[items]!.length).toBeLessThanOrEqual(limit);
    seen.push(...body[items]!);
    next = body.next;
    await between();
  }
  return { seen, pages };
}

async function finishedRetraction() {
  const { campaign } = served();
  const batch = await campaign.observed(campaign.holders(7));
  const { plan, rollout } = await campaign.begun([batch]);
  await campaign.contain(plan.id, rollout);
  await campaign.halt(plan.id);
  await campaign.withdraw(batch, 'rule-wrong');
  const { retraction, rollout: back } = await campaign.retract(plan.id);
  return { retraction, back };
}

describe('a list in pages', () => {
  test('every plan is on exactly one page, also while new ones are made', async () => {
    const { campaign } = served();
    const made: string[] = [];
    for (let one = 0; one < 5; one += 1)
      made.push((await campaign.draft([await campaign.leaked(campaign.holders(1))])).id);
    const { seen, pages } = await all('/api/v1/plans', 'plans', 2, async () =>
      campaign.draft([await campaign.leaked(campaign.holders(1))]),
    );
    const ids = seen.map((plan) => plan['id'] as string);
    expect(pages).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of made) expect(ids).toContain(id);
  });

  test('every operator is on exactly one page, in the order in which they were added', async () => {
    const { campaign } = served();
    const { seen } = await all('/api/v1/operators', 'operators', 1);
    expect(seen.map((one) => one['operatorId'])).toEqual(campaign.people.map((person) => person.id));
  });

  test('every imported list is on exactly one page, newest first', async () => {
    const { campaign } = served();
    for (let one = 0; one < 3; one += 1) await campaign.leaked(campaign.holders(1));
    const { seen } = await all('/api/v1/evidence', 'batches', 2);
    const numbers = seen.map((one) => Number(String(one['batch']).slice('batch_'.length)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(JSON.stringify(seen)).not.toContain('@');
  });

  test('every source is on exactly one page, newest first, with its authority', async () => {
    const { campaign } = served();
    for (let one = 0; one < 3; one += 1) await campaign.leaked(campaign.holders(1));
    const { seen } = await all('/api/v1/sources', 'sources', 2);
    const sources = seen.map((one) => one['source'] as { sourceNo: number; authority: string });
    const numbers = sources.map(({ sourceNo }) => sourceNo);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(sources.every(({ authority }) => authority === 'outside' || authority === 'own')).toBe(true);
  });

  test('the accounts of a retraction follow one another, and the remainder holds those that nobody closed', async () => {
    const { campaign, ask } = served();
    const { retraction, back } = await finishedRetraction();
    const path = `/api/v1/retractions/${retraction.id}`;
    const { seen } = await all(`${path}/lines`, 'lines', 3);
    expect(seen.map((line) => line['ordinal'])).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect((await all(`${path}/remainder`, 'lines', 2)).seen).toHaveLength(7);
    await campaign.restore(retraction, back);
    const shown = (await (await ask(path)).json()) as { tally: { remainder: number }; remainder: unknown[] };
    const left = (await all(`${path}/remainder`, 'lines', 2)).seen;
    expect(left).toHaveLength(shown.tally.remainder);
    expect(left).toEqual(shown.remainder);
  });

  test('every entry of a ledger chain is on exactly one page, and its reader can compute the chain again', async () => {
    const { campaign, ask } = served();
    const batch = await campaign.observed(campaign.holders(3));
    const { plan, rollout } = await campaign.begun([batch]);
    await campaign.contain(plan.id, rollout);
    await campaign.halt(plan.id);
    for (const of of ['installation', plan.id]) {
      const entries = z.array(listed).parse((await all(`/api/v1/ledger/entries?of=${of}`, 'entries', 7)).seen);
      expect(entries.map((one) => one.seq)).toEqual(entries.map((_, place) => entries.length - place));
      for (const [place, entry] of entries.entries()) {
        expect(entryHash(entry, digests)).toBe(entry.hash);
        expect(entry.prevHash).toBe(entries[place + 1]?.hash ?? genesisHash);
      }
      expect(JSON.stringify(entries)).not.toContain('@');
    }
    const halted = '/api/v1/ledger/entries?event=rollout.halted';
    const { entries } = (await (await ask(halted)).json()) as { entries: { event: string }[] };
    expect(new Set(entries.map((one) => one.event))).toEqual(new Set(['rollout.halted']));
    expect((await ask('/api/v1/ledger/entries?event=rollout.stopped')).status).toBe(400);
    expect((await ask('/api/v1/ledger/entries?of=plan_999999')).status).toBe(404);
  });

  test('a broken cursor, or that of another list, is refused and says what to do', async () => {
    const { ask, campaign } = served();
    await campaign.draft([await campaign.leaked(campaign.holders(1))]);
    await campaign.draft([await campaign.leaked(campaign.holders(1))]);
    const { next } = (await (await ask('/api/v1/plans?limit=1')).json()) as { next: string };
    const broken = ['x', '%20', `${next}x`, next.slice(1), 'cGxhbnMgLTE', next.toUpperCase()];
    for (const after of broken) {
      const answer = await ask(`/api/v1/plans?after=${after}`);
      expect([after, answer.status]).toEqual([after, 400]);
      expect(((await answer.json()) as { detail: string }).detail).toContain('"after" in the query');
    }
    expect((await ask(`/api/v1/evidence?after=${next}`)).status).toBe(400);
    for (const limit of ['0', '1001', '-1', 'all'])
      expect((await ask(`/api/v1/plans?limit=${limit}`)).status).toBe(400);
  });
});

test('a page of a long list is read by its index, and neither the whole list nor a sort of it', async () => {
  const { campaign } = served();
  const { pool, store, author } = campaign;
  const no = Number(author.slice('operator_'.length));
  await pool.query(`INSERT INTO plan (directory, action, author_no, code_version, address_salt, header, digest, total)
    SELECT 'long', 'reset', ${no}, 'test', 'salt', '{}', 'digest ' || i, 1 FROM generate_series(1, 20000) AS i`);
  await pool.query(`INSERT INTO source (name, authority) VALUES ('long', 'own')`);
  await pool.query(`INSERT INTO evidence_batch (source_no, class, directory, file_name, imported_by, head_digest)
    SELECT source_no, 'credentials', 'long', 'list', ${no}, 'digest' FROM source, generate_series(1, 20000)
    WHERE name = 'long'`);
  await pool.query('ANALYZE plan, evidence_batch, source');
  const explained = await pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT no, digest, total, directory, created_at FROM plan WHERE digest IS NOT NULL AND no < 10000 ORDER BY no DESC LIMIT 101`,
  );
  const batches = await pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT b.*, s.name FROM evidence_batch b INNER JOIN source s ON s.source_no = b.source_no
     WHERE b.batch_no < 10000 ORDER BY b.batch_no DESC LIMIT 101`,
  );
  for (const { rows } of [explained, batches]) {
    const steps = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(steps).toContain('Index Scan Backward');
    expect(steps).not.toMatch(/Sort|Seq Scan on (plan|evidence_batch)/);
  }
  expect(await store.transact((tx) => tx.evidence.listBatches(101, 'batch_10000'))).toHaveLength(101);
});
