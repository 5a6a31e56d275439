import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import { beginReview } from '../../src/app/review/begin-review.ts';
import { digestOfReview } from '../../src/app/review/own-review.ts';
import type { OwnReview } from '../../src/app/review/own-review.ts';
import { readReviewTargets } from '../../src/app/review/read-review-targets.ts';
import type { ReviewTarget } from '../../src/app/review/read-review-targets.ts';
import { recordVerdicts } from '../../src/app/review/record-verdicts.ts';
import { makeSubjectReader } from '../../src/app/rollout/read-subject.ts';
import type { ReviewVerdict } from '../../src/domain/approval/review-standing.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { smallProfile } from '../../src/domain/plan/limits.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import { Campaign, oneWave } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
let campaign: Campaign;
const schemes = makePasswordSchemes();
const small = { ...oneWave, ...smallProfile, containWaveSizes: [1_000], tellWaveSizes: [1_000] };

beforeAll(async () => {
  campaign = await Campaign.begin(await postgres.freshDatabase());
});
afterAll(() => campaign.end());

type Person = (typeof campaign.people)[number];

const begin = (plan: FrozenPlan, { id }: Person): Promise<OwnReview> => beginReview(campaign.deps, plan.id, id);

async function readAll(plan: FrozenPlan, { id }: Person): Promise<readonly ReviewTarget[]> {
  const targets: ReviewTarget[] = [];
  for (let after: number | null = null; ;) {
    const page: readonly ReviewTarget[] = await readReviewTargets({ ...campaign.deps, schemes }, plan.id, id, {
      after,
      limit: 100,
      which: 'all',
    });
    targets.push(...page);
    const last = page.at(-1);
    if (last === undefined) return targets;
    after = last.ordinal;
  }
}

async function judge(
  plan: FrozenPlan,
  person: Person,
  verdictOf: (target: ReviewTarget, index: number) => ReviewVerdict = () => 'right',
): Promise<OwnReview> {
  await begin(plan, person);
  const targets = await readAll(plan, person);
  const given = targets.map((target, index) => ({ ...target, verdict: verdictOf(target, index) }));
  return recordVerdicts(campaign.deps, plan.id, person.id, given);
}

/** What the person says yes over; `review` as it would be signed, or left out. */
async function approve(plan: FrozenPlan, person: Person, review: string | null): Promise<string> {
  const statement = digests.canonical({
    deployment: campaign.deploymentId,
    directory: campaign.directory.name,
    digest: plan.digest,
    total: plan.total,
    decision: 'approve',
    nonce: digests.randomHex(16),
    expiry: new Date(Date.now() + 3_600_000).toISOString(),
    ...(review === null ? {} : { review }),
  });
  const given = { subject: plan.id, statement, signature: person.key.sign(statement), operatorId: person.id };
  const recorded = await approveSubject(
    { ...campaign.deps, readSubject: makeSubjectReader(campaign.deps.policy) },
    given,
  );
  return recorded.kind === 'refused' ? recorded.reason : recorded.kind;
}

const signedReview = (plan: FrozenPlan, { id }: Person, review: OwnReview): string =>
  digestOfReview(digests, plan.digest, id, review.verdicts);

async function smallPlan(people = 4): Promise<FrozenPlan> {
  return campaign.draft(
    [await campaign.leaked(campaign.holders(people), `list ${people} ${digests.randomHex(4)}`)],
    small,
  );
}

describe('a yes to a plan that asks for a review', () => {
  it('does not count before its giver looked at every target, nor with what they could not tell', async () => {
    const plan = await smallPlan();
    const [, bo] = campaign.people;
    expect(await approve(plan, bo, null)).toBe('review-missing');
    const begun = await begin(plan, bo);
    expect(await approve(plan, bo, signedReview(plan, bo, begun))).toBe('review-missing');
    const unclear = await judge(plan, bo, (_, index) => (index === 1 ? 'cannot-tell' : 'right'));
    expect(await approve(plan, bo, signedReview(plan, bo, unclear))).toBe('review-unclear');
    const clean = await judge(plan, bo);
    expect(await approve(plan, bo, null)).toBe('review-mismatch');
    expect(await approve(plan, bo, digests.sha256('other verdicts'))).toBe('review-mismatch');
    expect(await approve(plan, bo, signedReview(plan, bo, clean))).toBe('approved');
  });

  it("does not stand on another person's review", async () => {
    const plan = await smallPlan();
    const [, bo, cy] = campaign.people;
    const review = await judge(plan, bo);
    expect(await approve(plan, cy, signedReview(plan, bo, review))).toBe('review-missing');
    await judge(plan, cy);
    expect(await approve(plan, cy, signedReview(plan, bo, review))).toBe('review-mismatch');
  });

  it('starts the plan when both did, and the ledger names what both were shown and said', async () => {
    const plan = await smallPlan();
    const [, bo, cy] = campaign.people;
    for (const person of [bo, cy]) {
      const review = await judge(plan, person);
      expect(await approve(plan, person, signedReview(plan, person, review))).toBe('approved');
    }
    expect(await campaign.start(plan)).toBeGreaterThan(0);
    const events = await campaign.ledgerEvents();
    for (const event of ['review.drawn', 'review.read', 'review.judged']) expect(events).toContain(event);
  });

  it('is void when a verdict under it is changed in the database past us', async () => {
    const plan = await smallPlan();
    const [, bo, cy] = campaign.people;
    for (const person of [bo, cy]) {
      const review = await judge(plan, person);
      expect(await approve(plan, person, signedReview(plan, person, review))).toBe('approved');
    }
    await campaign.pool.query(
      `UPDATE plan_review_target SET verdict = 'cannot-tell' WHERE plan_no = $1 AND operator_no = $2 AND ordinal = 0`,
      [numberOf(plan.id), numberOf(bo.id)],
    );
    await expect(campaign.start(plan)).rejects.toMatchObject({ code: 'needs-approval' });
  });

  it('is asked of nobody in the sample', async () => {
    const plan = await campaign.draft([await campaign.leaked(campaign.holders(2), 'a sample list')]);
    await expect(begin(plan, campaign.people[1])).rejects.toMatchObject({ code: 'conflict' });
    await campaign.approve(plan);
    expect(await campaign.start(plan)).toBeGreaterThan(0);
  });
});

describe('one target found wrong', () => {
  it('blocks the plan for everyone, also for those who found all of theirs right, and is not taken back', async () => {
    const plan = await smallPlan();
    const [ada, bo, cy] = campaign.people;
    const clean = await judge(plan, bo);
    expect(await approve(plan, bo, signedReview(plan, bo, clean))).toBe('approved');
    await judge(plan, ada, (_, index) => (index === 0 ? 'wrong' : 'right'));
    const alsoClean = await judge(plan, cy);
    expect(await approve(plan, cy, signedReview(plan, cy, alsoClean))).toBe('review-wrong');
    await expect(campaign.start(plan)).rejects.toMatchObject({ code: 'review-wrong' });
    await expect(judge(plan, ada)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('ends the authority of a plan that runs: no further permit is lent', async () => {
    const plan = await smallPlan();
    const [ada, bo, cy] = campaign.people;
    for (const person of [bo, cy]) {
      const review = await judge(plan, person);
      await approve(plan, person, signedReview(plan, person, review));
    }
    const rollout = await campaign.start(plan);
    await judge(plan, ada, (_, index) => (index === 0 ? 'wrong' : 'right'));
    await expect(campaign.take(rollout, 'contain')).rejects.toThrow('no permit');
  });
});

describe('a verdict', () => {
  it('is taken only of a target that was drawn for this person, of this very account, and was shown', async () => {
    const plan = await smallPlan();
    const [, bo] = campaign.people;
    await begin(plan, bo);
    const [first] = await campaign.store.transact((tx) => tx.plans.targets(plan.id, 0, 1));
    const say = (ordinal: number, accountId: string) =>
      recordVerdicts(campaign.deps, plan.id, bo.id, [{ ordinal, accountId, verdict: 'right' }]);
    await expect(say(0, first?.accountId ?? '')).rejects.toThrow('was not shown to you');
    await readAll(plan, bo);
    await expect(say(0, 'another account')).rejects.toThrow('none of yours');
    await expect(say(plan.total, first?.accountId ?? '')).rejects.toThrow('none of yours');
    expect((await say(0, first?.accountId ?? '')).counts.right).toBe(1);
  });
});

describe('the targets of a larger plan', () => {
  it('are drawn for each reviewer apart, once, and from every group however rare', async () => {
    const usual = await campaign.leaked(campaign.holders(620), 'a large list');
    const rare = await campaign.observed(campaign.holders(5), 'a rare rule');
    const plan = await campaign.draft([usual, rare], { ...oneWave, review: 'sampled', budgetFloor: 10_000 });
    const [, bo, cy] = campaign.people;
    const ofBo = await begin(plan, bo);
    const ofCy = await begin(plan, cy);
    const ordinals = (review: OwnReview): readonly number[] => review.verdicts.map((one) => one.ordinal);
    expect(ofBo.counts.drawn).toBe(Math.ceil((59 * 620) / 625) + 1);
    expect(ordinals(ofCy)).not.toEqual(ordinals(ofBo));
    expect(ordinals(await begin(plan, bo))).toEqual(ordinals(ofBo));
    const shown = await readAll(plan, bo);
    expect(shown.filter((target) => target.evidence.some((item) => item.source === 'a rare rule'))).toHaveLength(1);
    expect(ofBo.proves).toContain('at most 5.0 %');
  });

  it('are shown with their evidence and without any address or password', async () => {
    const account = campaign.holder();
    const plan = await campaign.draft([await campaign.observed([account], 'a rule of ours')], small);
    const [, bo] = campaign.people;
    await begin(plan, bo);
    const [target] = await readAll(plan, bo);
    expect(target).toMatchObject({ accountId: account, credential: 'as-frozen', told: true });
    expect(target?.evidence[0]).toMatchObject({
      class: 'observed',
      eventId: `event of ${account}`,
      rule: 'sign-in from a new network',
    });
    expect(JSON.stringify(target)).not.toContain('@mail.test');
  });
});

describe('the small profile', () => {
  it('refuses a plan of more than 500 targets, whose second wave would be all the rest', async () => {
    const list = await campaign.leaked(campaign.holders(501), 'too many');
    const drafted = campaign.draft([list], { ...small, budgetFloor: 10_000 });
    await expect(drafted).rejects.toMatchObject({ code: 'guardrail-failed', facts: { total: 501, most: 500 } });
  });
});
