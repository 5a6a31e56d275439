import { describe, expect, it } from 'vitest';
import { publicStatement } from '../../src/app/statement/public-statement.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { pageLanguages } from '../../src/http/public/page-language.ts';
import { statementPageWords } from '../../src/http/public/statement-words.ts';
import { withdrawalCauses } from '../../src/domain/evidence/evidence.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';

const campaign = withCampaign();

function appOver(statement: (plan: PlanId) => ReturnType<typeof publicStatement>) {
  return makeHttpApp(fakeServices({ publicStatement: statement }), { log: rememberingLog() });
}

const fromCampaign = (plan: PlanId) => publicStatement(campaign().deps, plan);

async function seen(answer: Response): Promise<unknown> {
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id');
  return { status: answer.status, headers, text: await answer.text() };
}

describe('the public statement page', () => {
  it('is not there for a plan that nobody doubted, just as for one that is not there', async () => {
    const c = campaign();
    const app = appOver(fromCampaign);
    const { plan, rollout } = await c.begun([await c.observed(c.holders(1))]);
    await c.contain(plan.id, rollout);
    const draft = await c.draft([await c.observed(c.holders(1))]);
    // A restart of the server halts, and doubts nothing.
    await c.pool.query(`UPDATE track SET phase = 'halted', halted_by = 'server-restart' WHERE rollout_no = $1`, [
      rollout,
    ]);
    const answers = await Promise.all(
      [plan.id, draft.id, 'plan_999999', 'nothing'].map(async (id) => seen(await app.request(`/statement/${id}`))),
    );
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404 });
  });

  it('shows the numbers of the ledger once a plan was halted, in each language, and names nobody', async () => {
    const c = campaign();
    const people = c.holders(3);
    const batch = await c.observed(people);
    const { plan, rollout } = await c.begun([batch]);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, ['accepted', 'unknown', 'accepted']);
    await c.halt(plan.id);
    await c.withdraw(batch, 'rule-wrong');
    const app = appOver(fromCampaign);
    for (const language of pageLanguages) {
      const answer = await app.request(`/statement/${plan.id}?lang=${language}`);
      const page = (await answer.text()).replace(/\s+/g, ' ');
      const words = statementPageWords[language];
      expect(answer.status).toBe(200);
      expect(page).toMatch(new RegExp(`${words.counts.toldAccepted}</th> <td>2</td>`));
      expect(page).toMatch(new RegExp(`${words.counts.contained}</th> <td>3</td>`));
      expect(page).toContain(words.notYetKnown);
      expect(page).toContain(words.causes['rule-wrong']!);
      expect(page).not.toMatch(/<script|undefined|@mail\.test/);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('has words for every cause', () => {
    for (const language of pageLanguages)
      expect(Object.keys(statementPageWords[language].causes).toSorted()).toEqual(withdrawalCauses.toSorted());
  });

  it('is written once for a crowd of readers', async () => {
    let written = 0;
    const app = appOver(async () => {
      written += 1;
      return null;
    });
    await Promise.all(Array.from({ length: 20 }, async () => app.request('/statement/plan_1')));
    expect(written).toBe(1);
  });

  it('publishes nothing that the ledger does not vouch for, and tries again at the next request', async () => {
    let asked = 0;
    const app = appOver(async () => {
      asked += 1;
      throw new Failure('ledger-broken', 'The outcomes are not those of the ledger.');
    });
    expect((await app.request('/statement/plan_1')).status).toBe(503);
    expect((await app.request('/statement/plan_1')).status).toBe(503);
    expect(asked).toBe(2);
  });
});
