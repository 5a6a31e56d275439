import { describe, expect, test } from 'vitest';
import { recordDispute } from '../../src/app/notice/record-dispute.ts';
import { writeStatement } from '../../src/app/statement/write-statement.ts';
import { withCampaign } from './with-campaign.ts';

const campaign = withCampaign();

/** How often each byte stands in the vectors of a track, counted past the product. */
async function bytesOf(rollout: number, track: string): Promise<Readonly<Record<number, number>>> {
  const { rows } = await campaign().pool.query<{ state: number; count: number }>(
    `SELECT state, count(*) FROM member_outcome WHERE rollout_no = $1 AND track = $2 GROUP BY state`,
    [rollout, track],
  );
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
}

const [accepted, complained, unknown, contained, restored] = [3, 7, 8, 2, 2];

describe('the public statement', () => {
  test('each number is a count over the outcome vectors, and each time that of a ledger entry', async () => {
    const c = campaign();
    const [leaked, presser] = [c.holder(), c.holder()];
    const batch = await c.observed([leaked, presser, ...c.holders(6)]);
    const { plan, rollout } = await c.begun([batch, await c.leaked([leaked], 'another forum')]);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, ['accepted', 'unknown', 'refused', 'accepted', 'unknown', 'accepted', 'withheld']);
    await c.pool.query(`UPDATE permit SET settled_at = settled_at - interval '1 minute' WHERE rollout_no = $1`, [
      rollout,
    ]);
    await recordDispute(c, { number: c.numberOf(plan.id, presser) });
    await c.halt(plan.id);
    await c.sendHolding(plan.id, 6);
    await c.tell(rollout, [], 'holding');
    await c.withdraw(batch, 'rule-wrong');
    const { retraction, rollout: back } = await c.retract(plan.id);
    await c.restore(retraction, back);
    await c.tell(back, ['accepted', 'unknown'], 'correct');

    const { counts, times, cause, text } = await writeStatement(c.deps, plan.id);
    const tell = await bytesOf(rollout, 'tell');
    expect(counts.toldAccepted.value).toBe((tell[accepted] ?? 0) + (tell[complained] ?? 0));
    expect(counts.toldUnknown.value).toBe(tell[unknown]);
    expect(counts.contained.value).toBe((await bytesOf(rollout, 'contain'))[contained]);
    expect(counts.holding.value).toBe((await bytesOf(rollout, 'holding'))[accepted]);
    expect(counts.restored.value).toBe((await bytesOf(back, 'restore'))[restored]);
    expect(counts.toldAccepted.value).toBe(4);
    expect(counts.kept.value).toBe(1);
    expect(counts.needsPerson.value).toBe(0);
    const { rows } = await c.pool.query<{ count: number }>(
      `SELECT count(*) FROM letter l JOIN member_outcome m USING (rollout_no, track, ordinal)
       WHERE l.rollout_no = $1 AND l.template_kind = 'final' AND m.state = $2`,
      [back, accepted],
    );
    expect(counts.corrected.value).toBe(Number(rows[0]?.count));

    const timed = await c.pool.query<{ event: string; at: Date }>(
      `SELECT event, min(at) AS at FROM ledger_entry WHERE event IN
       ('rollout.started', 'rollout.halted', 'correction.started', 'evidence.withdrawn', 'notice.disputed') GROUP BY event`,
    );
    const at = Object.fromEntries(timed.rows.map((row) => [row.event, row.at]));
    expect(times.started.value).toEqual(at['rollout.started']);
    expect(times.firstDispute.value).toEqual(at['notice.disputed']);
    expect(times.halted.value).toEqual(at['rollout.halted']);
    expect(times.holdingSent.value).toEqual(at['correction.started']);
    expect(times.withdrawn.value).toEqual(at['evidence.withdrawn']);
    expect(times.corrected.value).toBeNull();
    expect(cause.value).toBe('rule-wrong');
    expect(text).toContain(`Told that their password was reset: ${counts.toldAccepted.value} [1]`);
    expect(text).toContain('Corrected: not yet known');
    expect(text).not.toMatch(/@mail\.test/);
  });

  test('what is not known reads "not yet known", and never zero', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(1))]);
    const { counts, times, cause, text } = await writeStatement(c.deps, plan.id);
    expect(Object.values(counts).map((fact) => fact.value)).toEqual(Object.keys(counts).map(() => null));
    expect(Object.values(times).map((fact) => fact.value)).toEqual(Object.keys(times).map(() => null));
    expect(cause.value).toBeNull();
    expect(text.match(/not yet known/gi)).toHaveLength(17);
  });

  test('every number in the text names where it comes from', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(2))]);
    await c.contain(plan.id, rollout);
    const { text } = await writeStatement(c.deps, plan.id);
    const [body = '', sources = ''] = text.split('## Where this comes from');
    const cited = [...body.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
    const listed = [...sources.matchAll(/^(\d+)\. ./gm)].map((match) => Number(match[1]));
    expect(listed).toEqual([...new Set(cited)].toSorted((a, b) => a - b));
    for (const line of body.split('\n').filter((one) => one.startsWith('- '))) expect(line).toMatch(/\[\d+\]\.$/);
  });

  test('numbers that the ledger does not vouch for are not published', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(2))]);
    await c.contain(plan.id, rollout);
    await c.pool.query(`UPDATE permit SET outcome = set_byte(outcome, 0, 6) WHERE rollout_no = $1`, [rollout]);
    await expect(writeStatement(c.deps, plan.id)).rejects.toMatchObject({ code: 'ledger-broken' });
  });
});
