import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain/explain.ts';
import { VerifiedOutcomes } from '../../src/app/ledger/verified-outcomes.ts';
import { checkNotice } from '../../src/app/notice/check-notice.ts';
import { recordFeedback } from '../../src/app/notice/record-feedback.ts';
import type { Feedback, RecordedFeedback } from '../../src/app/notice/record-feedback.ts';
import { previewCorrection } from '../../src/app/notice/send-correction.ts';
import { tallyRetraction } from '../../src/app/retraction/tally-retraction.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { writeStatement } from '../../src/app/statement/write-statement.ts';
import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import { deliveryByte, deliveryStateOf, deliveryStates } from '../../src/domain/notice/delivery-state.ts';
import { mayMove } from '../../src/domain/notice/delivery-transitions.ts';
import { feedbackKinds, movesAfter } from '../../src/domain/notice/feedback.ts';
import type { FeedbackKind } from '../../src/domain/notice/feedback.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { AccountId, NoticeNumber, PlanId } from '../../src/domain/shared/ids.ts';
import { withCampaign } from '../read/with-campaign.ts';

const campaign = withCampaign();

function say(number: string, kind: FeedbackKind, over: Partial<Feedback> = {}): Promise<RecordedFeedback> {
  const bounce = kind === 'bounced' ? ('address' as const) : null;
  return recordFeedback(
    { store: campaign().store, addressKey: (address) => `key of ${address}` },
    {
      number: number as NoticeNumber,
      kind,
      class: bounce,
      status: kind === 'bounced' ? '5.1.1' : null,
      source: 'report',
      providerId: null,
      at: null,
      ...over,
    },
  );
}

/** People of a plan who were told so, in this order; the plan is still running. */
async function told(
  states: readonly DeliveryState[],
): Promise<{ plan: PlanId; rollout: number; people: readonly AccountId[]; numbers: readonly string[] }> {
  const c = campaign();
  const batch = await c.leaked(c.holders(states.length));
  const { plan, rollout } = await c.begun([batch]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, states);
  const targets = (await c.store.transact((tx) => tx.plans.targets(plan.id, 0, 100))).toSorted(
    (a, b) => (a.tellOrdinal ?? 0) - (b.tellOrdinal ?? 0),
  );
  return {
    plan: plan.id,
    rollout,
    people: targets.map((target) => target.accountId as AccountId),
    numbers: targets.map((target) => target.noticeNumber),
  };
}

async function countsOf(plan: PlanId): Promise<Readonly<Record<string, number>>> {
  const status = await readRolloutStatus(campaign().deps, plan);
  return status.tracks.find((track) => track.track === 'tell')?.counts ?? {};
}

describe('a word that comes after settlement', () => {
  test('is seen by every reader: status, explain, the untold, the page, the statement and the recipients of a correction', async () => {
    const c = campaign();
    const { plan, people, numbers } = await told(['accepted', 'accepted', 'accepted', 'unknown']);
    expect(await say(numbers[0]!, 'bounced')).toEqual({ kind: 'recorded', moves: ['bounced'] });
    expect(await say(numbers[1]!, 'complained')).toEqual({ kind: 'recorded', moves: ['complained'] });

    const status = await readRolloutStatus(c.deps, plan);
    expect(await countsOf(plan)).toEqual({ accepted: 1, bounced: 1, complained: 1, unknown: 1 });
    expect(status.containedUntold?.count).toBe(1);
    const story = await explain(c.deps, people[0]!, 'operator_1');
    expect(story.plans[0]).toMatchObject({
      notices: [
        { state: 'bounced', feedback: [{ kind: 'bounced', class: 'address', status: '5.1.1', source: 'report' }] },
      ],
    });
    const statement = await writeStatement(c.deps, plan);
    expect(statement.counts.toldAccepted.value).toBe(2);
    const address = (await c.directory.readAccounts([people[0]!])).get(people[0]!)?.address ?? '';
    const checkUrl = (number: string) => `https://pages.test/${number}`;
    expect(await checkNotice({ ...c.deps, checkUrl }, { number: numbers[0]!, address })).toMatchObject({
      isSureSent: true,
    });

    await c.halt(plan);
    // I9: accepted (a complaint proves that it arrived) and unknown; whoever it bounced for was not told, and is told late.
    expect(await previewCorrection(c.deps, plan, 'holding')).toMatchObject({ recipients: 3, conditional: 1 });
    expect(await previewCorrection(c.deps, plan, 'late')).toMatchObject({ recipients: 1 });
  });

  test('about a correction is the end of its account: who cannot be reached is listed so', async () => {
    const c = campaign();
    const batch = await c.observed(c.holders(2));
    const { plan, rollout } = await c.begun([batch]);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, []);
    await c.halt(plan.id);
    await c.withdraw(batch, 'rule-wrong');
    const { retraction, rollout: back } = await c.retract(plan.id);
    await c.restore(retraction, back);
    await c.tell(back, [], 'correct');
    const letters = await c.store.transact((tx) => tx.rollouts.mailMembers(back, 'correct', 0, 10));
    await say(letters[0]?.noticeNumber ?? '', 'bounced');
    const tally = await c.store.transact((tx) => tallyRetraction(tx, retraction.id, () => undefined));
    expect(tally.letters).toEqual({ corrected: 1, unreachable: 1 });
  });

  test('resolves an unknown by way of accepted, and each move stands in the ledger', async () => {
    const c = campaign();
    const { plan, rollout, numbers } = await told(['unknown', 'unknown', 'unknown']);
    expect(await say(numbers[0]!, 'delivered')).toEqual({ kind: 'recorded', moves: ['accepted'] });
    expect(await say(numbers[1]!, 'bounced')).toEqual({ kind: 'recorded', moves: ['accepted', 'bounced'] });
    expect(await countsOf(plan)).toEqual({ accepted: 1, bounced: 1, unknown: 1 });
    const { rows } = await c.pool.query<{ event: string; body: string }>(
      `SELECT event, body FROM ledger_entry WHERE chain = $1 AND event LIKE 'notice.%' ORDER BY seq`,
      [`rollout:${rollout}`],
    );
    expect(rows.map((row) => [row.event, (JSON.parse(row.body) as { moves: unknown }).moves])).toEqual([
      ['notice.delivered', ['accepted']],
      ['notice.bounced', ['accepted', 'bounced']],
    ]);
  });

  test('counts once however often it is said, also when it is said at once by many', async () => {
    const { plan, rollout, numbers } = await told(['accepted', 'accepted']);
    const said = await Promise.all(Array.from({ length: 8 }, () => say(numbers[0]!, 'bounced')));
    expect(said.filter((one) => one.kind === 'recorded')).toHaveLength(1);
    expect(said.filter((one) => one.kind === 'known')).toHaveLength(7);
    const both = await Promise.all([say(numbers[1]!, 'bounced'), say(numbers[1]!, 'complained')]);
    // Whichever came first moved it; the other is kept and moves nothing, for both are ends.
    expect(both.map((one) => (one.kind === 'recorded' ? one.moves.length : -1)).toSorted()).toEqual([0, 1]);
    expect(
      (await campaign().ledgerEvents(`rollout:${rollout}`)).filter((event) => event === 'notice.bounced').length,
    ).toBe(2);
    const counts = await countsOf(plan);
    expect((counts['bounced'] ?? 0) + (counts['complained'] ?? 0)).toBe(2);
  });

  test('an auto-reply and a delay are no bounce', async () => {
    const { plan, numbers } = await told(['accepted']);
    expect(await say(numbers[0]!, 'auto-replied')).toEqual({ kind: 'recorded', moves: [] });
    expect(await say(numbers[0]!, 'delayed')).toEqual({ kind: 'recorded', moves: [] });
    expect(await countsOf(plan)).toEqual({ accepted: 1 });
  });

  test('is asked for again while the range is not settled, and refused by nobody afterwards', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(1))]);
    await c.contain(plan.id, rollout);
    const taken = await c.take(rollout, 'tell');
    const [target] = await c.store.transact((tx) => tx.plans.targets(plan.id, 0, 1));
    expect(await say(target?.noticeNumber ?? '', 'bounced')).toEqual({ kind: 'not-yet' });
    await c.answer(taken, ['accepted']);
    expect(await say(target?.noticeNumber ?? '', 'bounced')).toMatchObject({ kind: 'recorded' });
  });

  test('about a mail that we call unsent is kept, moves nothing and is called a contradiction', async () => {
    const { plan, numbers } = await told(['withheld', 'withheld']);
    expect(await say(numbers[0]!, 'bounced')).toEqual({ kind: 'contradicts', state: 'withheld' });
    expect(await say(numbers[1]!, 'delivered')).toEqual({ kind: 'contradicts', state: 'withheld' });
    expect(await countsOf(plan)).toEqual({ withheld: 2 });
  });

  test('about no notice of ours changes nothing', async () => {
    expect(await say('0000-0000-0000-0000-0', 'bounced')).toEqual({ kind: 'no-such-notice' });
  });

  test('that is edited, added or dropped beside the ledger is found, by explain and by every count', async () => {
    const c = campaign();
    const { rollout, plan, people, numbers } = await told(['accepted', 'accepted']);
    await say(numbers[0]!, 'bounced');
    const outcomes = () => new VerifiedOutcomes(c.deps, rollout).ranges('tell');
    expect((await outcomes())[0]?.outcome).toEqual(Uint8Array.of(deliveryByte('bounced'), deliveryByte('accepted')));
    const broken = { code: 'ledger-broken' };
    await c.pool.query(`UPDATE resolved_outcome SET state = 7 WHERE rollout_no = $1`, [rollout]);
    await expect(outcomes()).rejects.toMatchObject(broken);
    await expect(explain(c.deps, people[0]!, 'operator_1')).rejects.toMatchObject(broken);
    await c.pool.query(`DELETE FROM resolved_outcome WHERE rollout_no = $1`, [rollout]);
    await expect(outcomes()).rejects.toMatchObject(broken);
    await c.pool.query(`INSERT INTO resolved_outcome VALUES ($1, 'tell', 0, 6), ($1, 'tell', 1, 6)`, [rollout]);
    await expect(outcomes()).rejects.toMatchObject(broken);
    await c.pool.query(`DELETE FROM resolved_outcome WHERE rollout_no = $1 AND ordinal = 1`, [rollout]);
    expect((await outcomes())[0]?.outcome[0]).toBe(deliveryByte('bounced'));
    expect(numberOf(plan)).toBeGreaterThan(0);
  });
});

test('whatever is said in whatever order, members stay the sum over their states and every reader agrees', async () => {
  const c = campaign();
  const before = ['accepted', 'unknown', 'refused', 'withheld', 'accepted', 'unknown'] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(before.length - 1), fc.constantFrom(...feedbackKinds)), { maxLength: 14 }),
      async (words) => {
        const { plan, rollout, numbers } = await told(before);
        const expected: DeliveryState[] = [...before];
        for (const [index, kind] of words) {
          await say(numbers[index]!, kind);
          const from = expected[index]!;
          expected[index] = movesAfter(from, kind).at(-1) ?? from;
        }
        const counts: Record<string, number> = {};
        for (const state of expected) counts[state] = (counts[state] ?? 0) + 1;
        // `readRolloutStatus` itself refuses counts that do not add up to the members (I25).
        expect(await countsOf(plan)).toEqual(counts);
        const histories = await c.store.transact((tx) => tx.retractions.histories(plan, 0, 100));
        const bytes = histories.map((history) => history.tellByte ?? 0);
        expect(bytes.map(deliveryStateOf).toSorted()).toEqual(expected.toSorted());
        const [range] = await new VerifiedOutcomes(c.deps, rollout).ranges('tell');
        expect([...(range?.outcome ?? [])].map(deliveryStateOf)).toEqual(expected);
        const { rows } = await c.pool.query<{ state: number }>(
          `SELECT state FROM member_outcome WHERE rollout_no = $1 AND track = 'tell' ORDER BY ordinal`,
          [rollout],
        );
        expect(rows.map((row) => deliveryStateOf(row.state))).toEqual(expected);
      },
    ),
    { seed: 3464, numRuns: 8 },
  );
}, 30_000);

test('no word makes a move that the table of moves does not have, nor leads back to unsent', () => {
  for (const from of deliveryStates) {
    for (const kind of feedbackKinds) {
      let state = from;
      for (const to of movesAfter(from, kind)) {
        expect(mayMove(state, to), `${state} to ${to}`).toBe(true);
        expect(['accepted', 'bounced', 'complained']).toContain(to);
        state = to;
      }
    }
  }
});
