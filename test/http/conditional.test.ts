import { describe, expect, test } from 'vitest';
import { problem } from '../../src/contract/problem.ts';
import { withServedCampaign } from './served-campaign.ts';

const served = withServedCampaign();

async function aPlan() {
  const { campaign } = served();
  return campaign.draft([await campaign.leaked(campaign.holders(2))]);
}

async function tagOf(path: string): Promise<string> {
  const answer = await served().ask(path);
  await answer.body?.cancel();
  const tag = answer.headers.get('etag') ?? '';
  // Strong: no W/ before it.
  expect(tag).toMatch(/^"[\w-]+"$/);
  return tag;
}

describe('the tag of a plan', () => {
  test('stays the same while nothing changed, and whoever has it gets 304 without a body', async () => {
    const plan = await aPlan();
    const path = `/api/v1/plans/${plan.id}`;
    const tag = await tagOf(path);
    expect(await tagOf(path)).toBe(tag);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const answer = await served().ask(path, { headers: { 'if-none-match': known } });
      expect([answer.status, await answer.text()]).toEqual([304, '']);
      expect(answer.headers.get('etag')).toBe(tag);
    }
    expect((await served().ask(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('is another one after each thing that its answer shows', async () => {
    const { campaign } = served();
    const plan = await aPlan();
    const path = `/api/v1/plans/${plan.id}`;
    const tags = [await tagOf(path)];
    await campaign.approve(plan, 1);
    tags.push(await tagOf(path));
    await campaign.store.transact((tx) => tx.operators.suspend(campaign.people[1].id));
    tags.push(await tagOf(path));
    await campaign.store.transact((tx) => tx.operators.setActive(campaign.people[1].id, new Date(0)));
    await campaign.approve(await aPlan(), 1);
    const started = await aPlan();
    await campaign.approve(started);
    const before = await tagOf(`/api/v1/plans/${started.id}`);
    await campaign.start(started);
    expect(await tagOf(`/api/v1/plans/${started.id}`)).not.toBe(before);
    expect(new Set(tags).size).toBe(tags.length);
  });

  test('is not that of another plan', async () => {
    const [one, other] = [await aPlan(), await aPlan()];
    expect(await tagOf(`/api/v1/plans/${one.id}`)).not.toBe(await tagOf(`/api/v1/plans/${other.id}`));
  });
});

describe('an act on what somebody saw', () => {
  const acts = ['approvals', 'rehearsals', 'rollout'] as const;

  async function act(plan: { id: string; digest: string; total: number }, name: (typeof acts)[number], tag: string) {
    const { post, statement } = served();
    const { digest, total } = plan;
    const body = {
      approvals: statement(1, { digest, total, decision: 'approve' }),
      rehearsals: { to: 'bo@chirp.test' },
      rollout: { total },
    }[name];
    return post(`/api/v1/plans/${plan.id}/${name}`, body, { headers: { 'if-match': tag }, as: 1 });
  }

  test.each(acts)('%s of a plan that changed meanwhile is refused, and nothing is done', async (name) => {
    const { campaign, sink } = served();
    const plan = await aPlan();
    const seen = await tagOf(`/api/v1/plans/${plan.id}`);
    // Cy says yes after it was seen.
    const { post, statement } = served();
    const yes = statement(2, { digest: plan.digest, total: plan.total, decision: 'approve' });
    expect((await post(`/api/v1/plans/${plan.id}/approvals`, yes, { as: 2 })).status).toBe(200);
    const world = { mails: sink.taken.length, entries: await campaign.ledgerEvents() };
    for (const tag of [seen, `W/${await tagOf(`/api/v1/plans/${plan.id}`)}`, 'no tag']) {
      const answer = await act(plan, name, tag);
      expect([answer.status, problem.parse(await answer.json()).code]).toEqual([412, 'precondition-failed']);
    }
    expect({ mails: sink.taken.length, entries: await campaign.ledgerEvents() }).toEqual(world);
    const now = await tagOf(`/api/v1/plans/${plan.id}`);
    const answer = await act(plan, name, now);
    // One yes is not enough to start: it is the quorum that refuses now, no longer the tag.
    expect(answer.status).toBe(name === 'rollout' ? 409 : 200);
  });

  test('starting a retraction that changed meanwhile is refused, with the tag of now it is done', async () => {
    const { campaign, post } = served();
    const batch = await campaign.observed(campaign.holders(3));
    const { plan, rollout } = await campaign.begun([batch]);
    await campaign.contain(plan.id, rollout);
    await campaign.halt(plan.id);
    await campaign.withdraw(batch, 'rule-wrong');
    const retraction = await campaign.draftRetraction(plan.id);
    const path = `/api/v1/retractions/${retraction.id}`;
    const seen = await tagOf(path);
    await campaign.approve(retraction);
    const start = (tag: string) => post(`${path}/rollout`, {}, { headers: { 'if-match': tag } });
    expect((await start(seen)).status).toBe(412);
    expect(await (await start(await tagOf(path))).json()).toMatchObject({ kind: 'started' });
  });
});
