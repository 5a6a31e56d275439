import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';
import { listSources } from '../../src/app/evidence/list-sources.ts';
import type { SourceWorth } from '../../src/app/evidence/list-sources.ts';
import { beginReview } from '../../src/app/review/begin-review.ts';
import { readReviewTargets } from '../../src/app/review/read-review-targets.ts';
import { recordVerdicts } from '../../src/app/review/record-verdicts.ts';
import { smallProfile } from '../../src/domain/plan/limits.ts';
import type { BatchId } from '../../src/domain/shared/ids.ts';
import { Campaign, oneWave } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
const schemes = makePasswordSchemes();
const reviewed = { ...oneWave, ...smallProfile, containWaveSizes: [1_000], tellWaveSizes: [1_000] };
let campaign: Campaign;

beforeAll(async () => {
  campaign = await Campaign.begin(await postgres.freshDatabase());
});
afterAll(() => campaign.end());

async function worth(name: string): Promise<SourceWorth | undefined> {
  return (await listSources(campaign, 100, null)).find(({ source }) => source.name === name);
}

/** One approver looks at every target; those about `wrong` are not right. */
async function reviewWith(batches: readonly BatchId[], wrong: ReadonlySet<string>): Promise<void> {
  const plan = await campaign.draft(batches, reviewed);
  const [, bo] = campaign.people;
  await beginReview(campaign.deps, plan.id, bo.id);
  const page = { after: null, limit: 100, which: 'all' } as const;
  const targets = await readReviewTargets({ ...campaign.deps, schemes }, plan.id, bo.id, page);
  await recordVerdicts(
    campaign.deps,
    plan.id,
    bo.id,
    targets.map((target) => ({ ...target, verdict: wrong.has(target.accountId) ? 'wrong' : 'right' })),
  );
}

it('a source that named the wrong people is told from one that did not, by what those who looked said', async () => {
  const right = campaign.holders(6);
  const mixed = campaign.holders(4);
  const both = campaign.holders(1);
  const good = await campaign.leaked([...right, ...both], 'a good list');
  const bad = await campaign.observed([...mixed, ...both], 'a bad rule');
  expect(await worth('a good list')).toMatchObject({ judged: { right: 0, wrong: 0 }, wrongAtMost: null });

  await reviewWith([good, bad], new Set(mixed.slice(0, 3)));
  const [list, rule] = [await worth('a good list'), await worth('a bad rule')];
  expect(list).toMatchObject({ source: { authority: 'outside' }, judged: { right: 7, wrong: 0, cannotTell: 0 } });
  expect(rule).toMatchObject({ source: { authority: 'own' }, judged: { right: 2, wrong: 3, cannotTell: 0 } });
  // Of 7 clean draws, 1 - 0.05^(1/7).
  expect(list?.wrongAtMost).toBeCloseTo(0.348, 3);
  expect(rule?.wrongAtMost).toBeGreaterThan(0.6);
});

it('what was taken back of a source, and why, stands beside it for good', async () => {
  const kept = campaign.holders(3);
  const batch = await campaign.observed([...kept, ...campaign.holders(5)], 'a rule of last year');
  expect(await worth('a rule of last year')).toMatchObject({ strong: { live: 8, withdrawn: 0 }, causes: [] });
  await campaign.withdraw(batch, 'rule-wrong');
  await campaign.observed(kept, 'a rule of last year');
  expect(await worth('a rule of last year')).toMatchObject({
    batches: 2,
    strong: { live: 3, withdrawn: 8 },
    standingShare: 3 / 11,
    causes: ['rule-wrong'],
  });
});

it('addresses that were only seen are no evidence that could be right', async () => {
  await campaign.weak(campaign.holders(4), 'a paste of addresses');
  expect(await worth('a paste of addresses')).toMatchObject({
    strong: { live: 0, withdrawn: 0 },
    standingShare: null,
    verifiedShare: 0,
  });
});
