import { beforeAll, describe, expect, it } from 'vitest';
import { checkNotice } from '../../src/app/notice/check-notice.ts';
import { haltAfterRestart } from '../../src/app/rollout/halt-after-restart.ts';
import type { WithdrawalCause } from '../../src/domain/evidence/evidence.ts';
import { noticeNumberOf } from '../../src/domain/notice/notice-number.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { checkWords } from '../../src/http/public/check-words.ts';
import { pageLanguages } from '../../src/http/public/page-language.ts';
import { oneWave } from '../support/campaign.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';

const campaign = withCampaign();
const words = checkWords.en;
const unknownNumber = noticeNumberOf(new Uint8Array(10).fill(200));

let app: ReturnType<typeof makeHttpApp>;
beforeAll(() => {
  app = appOver();
});

function appOver(log = rememberingLog()) {
  const checkUrl = (number: string): string => `https://account.chirp.test/notices/${number}`;
  return makeHttpApp(fakeServices({ checkNotice: (typed) => checkNotice({ ...campaign().deps, checkUrl }, typed) }), {
    log,
  });
}

function post(number: string, address: string, language = 'en', to = app): Promise<Response> {
  return Promise.resolve(
    to.request(`/notices?lang=${language}`, { method: 'POST', body: new URLSearchParams({ number, address }) }),
  );
}

async function check(number: string, address: string, language = 'en'): Promise<string> {
  const answer = await post(number, address, language);
  expect(answer.status).toBe(200);
  return plainText(await answer.text());
}

function plainText(page: string): string {
  const main = /<main>([\s\S]*)<\/main>/.exec(page)?.[1] ?? '';
  return main
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'");
}

async function addressOf(account: AccountId): Promise<string> {
  const address = (await campaign().directory.readAccounts([account])).get(account)?.address;
  if (typeof address !== 'string') throw new Error('the holder has an address');
  return address;
}

/** People who were reset and told; nothing is doubted yet. */
async function told(count: number): Promise<{
  people: readonly AccountId[];
  batch: Parameters<ReturnType<typeof campaign>['withdraw']>[0];
  plan: FrozenPlan;
  rollout: number;
}> {
  const c = campaign();
  const people = c.holders(count);
  const batch = await c.observed(people);
  const { plan, rollout } = await c.begun([batch]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, []);
  return { people, batch, plan, rollout };
}

async function letterNumber(account: AccountId, kind: string): Promise<string> {
  const { rows } = await campaign().pool.query<{ notice_number: string }>(
    'SELECT notice_number FROM letter WHERE account_id = $1 AND template_kind = $2',
    [account, kind],
  );
  return rows[0]!.notice_number;
}

describe('who types a number and the address that it went to', () => {
  it('sees the subject and the only link that we sent, and that the notice stands', async () => {
    const { people, plan } = await told(1);
    const number = campaign().numberOf(plan.id, people[0]!);
    const page = await check(number, await addressOf(people[0]!));
    expect(page).toContain(words.sent);
    expect(page).toContain('We have reset your Chirp password');
    expect(page).toContain(`https://account.chirp.test/notices/${number}`);
    expect(page).toContain(words.stands);
    expect(page).toContain(words.compare);
    expect(page).not.toContain(await addressOf(people[0]!));
  });

  it('is understood with small letters, spaces, and the capitals that the directory does not tell apart', async () => {
    const { people, plan } = await told(1);
    const number = campaign().numberOf(plan.id, people[0]!).toLowerCase().replaceAll('-', ' ');
    const page = await check(` ${number} `, ` ${(await addressOf(people[0]!)).toUpperCase()} `);
    expect(page).toContain(words.sent);
  });

  it('learns that we are checking once somebody halted, and not because a server was started anew', async () => {
    const c = campaign();
    const people = c.holders(2);
    const { plan, rollout } = await c.begun([await c.observed(people)], { ...oneWave, tellWaveSizes: [1] });
    await c.contain(plan.id, rollout);
    await c.tell(rollout, []);
    const [first] = await c.store.transact((tx) => tx.rollouts.mailMembers(rollout, 'tell', 0, 1));
    await haltAfterRestart({
      store: c.store,
      fence: { mayAct: () => true, close: () => undefined, ensure: () => undefined, haltFilePresent: () => false },
      publishHalt: async () => undefined,
      warn: () => undefined,
    });
    expect(await check(first!.noticeNumber, await addressOf(first!.accountId))).toContain(words.stands);
    await c.pool.query(`UPDATE track SET halted_by = 'operator_1' WHERE rollout_no = $1 AND phase = 'halted'`, [
      rollout,
    ]);
    expect(await check(first!.noticeNumber, await addressOf(first!.accountId))).toContain(words.checking);
  });

  it('learns what was wrong and what we undid, from the notice and from each letter', async () => {
    const c = campaign();
    const { people, batch, plan, rollout } = await told(4);
    const [back, own, kept, waiting] = people as [AccountId, AccountId, AccountId, AccountId];
    const held = await c.leaked([kept], 'a forum');
    expect(held).toMatch(/^batch_/);
    await c.halt(plan.id);
    await c.sendHolding(plan.id, 4);
    await c.tell(rollout, [], 'holding');
    expect(await check(c.numberOf(plan.id, back), await addressOf(back))).toContain(words.checking);
    await c.withdraw(batch, 'rule-wrong' satisfies WithdrawalCause);
    const { retraction, rollout: undoing } = await c.retract(plan.id);
    expect(await check(c.numberOf(plan.id, waiting), await addressOf(waiting))).toContain(words.undone.open);
    c.directory.resetByMail(own, 'a password of my own');
    await c.restore(retraction, undoing);
    await c.tell(undoing, [], 'correct');

    const pages = await Promise.all(
      [back, own, kept].map(async (person) => check(c.numberOf(plan.id, person), await addressOf(person))),
    );
    expect(pages[0]).toContain(words.wrong);
    expect(pages[0]).toContain(words.undone['password-given-back']);
    // Nobody whose password works again is sent to set another.
    expect(pages[0]).not.toContain('Forgot password');
    expect(pages[1]).toContain(words.undone['own-password-kept']);
    expect(pages[2]).toContain(words.standsChecked);
    for (const page of pages) expect(page).toContain(words.later);
    expect(pages[0]).toContain('A correction about your Chirp password');

    const [holding, final] = await Promise.all(
      ['holding', 'final'].map(async (kind) => check(await letterNumber(back, kind), await addressOf(back))),
    );
    expect(holding).toContain('We are checking the notice about your Chirp password');
    expect(holding).toContain(words.later);
    expect(final).toContain('A correction about your Chirp password');
    expect(final).toContain(words.undone['password-given-back']);
    expect(final).not.toContain(words.later);
  });

  it('reads "may have" where we do not know whether the mail came, and nothing of a mail that never left', async () => {
    const c = campaign();
    const people = c.holders(4);
    const { plan, rollout } = await c.begun([await c.observed(people)]);
    await c.contain(plan.id, rollout);
    const taken = await c.take(rollout, 'tell');
    const members = await c.store.transact((tx) => tx.rollouts.mailMembers(rollout, 'tell', 0, 4));
    const pageOf = async (at: number): Promise<string> =>
      check(members[at]!.noticeNumber, await addressOf(members[at]!.accountId));
    const underWay = await pageOf(0);
    expect(underWay).toContain(words.perhapsSent);
    expect(underWay).toContain(words.underWay);
    await c.answer(taken, ['accepted', 'unknown', 'refused', 'withheld']);
    const pages = await Promise.all([0, 1, 2, 3].map(pageOf));
    expect(
      pages.map((page) => [words.sent, words.perhapsSent, words.noPair].find((one) => page.includes(one))),
    ).toEqual([words.sent, words.perhapsSent, words.noPair, words.noPair]);
    expect(plan.total).toBe(4);
  });

  it('is known after the address was erased', async () => {
    const { people, plan } = await told(1);
    const address = await addressOf(people[0]!);
    await campaign().pool.query('UPDATE plan_target SET address = NULL WHERE account_id = $1', [people[0]]);
    const number = campaign().numberOf(plan.id, people[0]!);
    expect(await check(number, address)).toContain(words.sent);
    expect(await check(number, `x${address}`)).toContain(words.noPair);
  });

  it('reads it in each language, from a page that is of one piece and runs no script', async () => {
    const { people, plan } = await told(1);
    for (const language of pageLanguages) {
      const answer = await post(campaign().numberOf(plan.id, people[0]!), await addressOf(people[0]!), language);
      const page = await answer.text();
      expect(page).toContain(checkWords[language].stands);
      expect(page).not.toMatch(/<script|javascript:| on\w+=|undefined|\[object/i);
      expect(page).not.toMatch(/genuine|authentic|echte? (mail|nachricht)|auténtic|本物/i);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});

describe('who does not', () => {
  it('gets one and the same answer for a wrong number, a wrong address, an unknown pair and no number at all', async () => {
    const [mine, other] = [await told(1), await told(1)];
    const number = campaign().numberOf(mine.plan.id, mine.people[0]!);
    const address = await addressOf(mine.people[0]!);
    const pairs: readonly (readonly [string, string])[] = [
      [number, 'nobody@mail.test'],
      [number, await addressOf(other.people[0]!)],
      [unknownNumber, address],
      [unknownNumber, 'nobody@mail.test'],
      [number, ''],
      [number, `${address}\0`],
      [number, `${'x'.repeat(400)}@mail.test`],
    ];
    const seen = await Promise.all(
      pairs.map(async ([typed, to]) => {
        const answer = await post(typed, to);
        const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'x-request-id'));
        return { status: answer.status, headers, text: (await answer.text()).replaceAll(typed, 'NUMBER') };
      }),
    );
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(seen[0]).toMatchObject({ status: 200 });
    expect(seen[0]!.text).toContain(words.noPair);
    const odd = await check('12-34', address);
    expect(odd).toContain(words.noPair);
  });

  it('leaves neither number nor address in a log or in the page, and cannot put markup into it', async () => {
    const log = rememberingLog();
    const answer = await post('<b>"x', 'someone@mail.test', 'en', appOver(log));
    const page = await answer.text();
    expect(page).not.toContain('<b>');
    expect(page).not.toContain('someone@mail.test');
    await post(unknownNumber, 'someone@mail.test', 'en', appOver(log));
    expect(JSON.stringify(log.lines)).not.toContain(unknownNumber);
    expect(JSON.stringify(log.lines)).not.toContain('someone@mail.test');
  });

  it('is turned away after a while, and is not answered from the database then', async () => {
    let asked = 0;
    const limited = makeHttpApp(
      fakeServices({
        checkNotice: async () => {
          asked += 1;
          return null;
        },
      }),
      { log: rememberingLog() },
    );
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => post(unknownNumber, 'a@mail.test', 'en', limited)),
    );
    expect(asked).toBe(30);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(10);
    expect(answers.at(-1)!.headers.get('retry-after')).toMatch(/^[12]$/);
  });

  it('is not told "no such pair" while we cannot look', async () => {
    const log = rememberingLog();
    const broken = makeHttpApp(
      fakeServices({
        checkNotice: async () => {
          throw new Error('database down');
        },
      }),
      { log },
    );
    const answer = await post(unknownNumber, 'a@mail.test', 'en', broken);
    const page = plainText(await answer.text());
    expect(answer.status).toBe(503);
    expect(page).toContain(words.failed);
    expect(page).not.toContain(words.noPair);
  });

  it('a form that never ends is not read', async () => {
    const answer = await post(unknownNumber, 'x'.repeat(100_000));
    expect(plainText(await answer.text())).toContain(words.noPair);
  });
});

it('looking at pages and checking changes nothing that we keep', async () => {
  const { people, plan } = await told(1);
  const c = campaign();
  const kept = async (): Promise<unknown> => {
    const { rows } = await c.pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'allclear'::regnamespace AND relkind = 'r' ORDER BY 1`,
    );
    const counts: unknown[] = [];
    for (const { name } of rows)
      counts.push((await c.pool.query(`SELECT count(*), sum(xmin::text::bigint) FROM "${name}"`)).rows[0]);
    return counts;
  };
  const before = await kept();
  const number = c.numberOf(plan.id, people[0]!);
  await app.request(`/notices/${number}`);
  await app.request('/notices');
  await check(number, await addressOf(people[0]!));
  await check(number, 'nobody@mail.test');
  expect(await kept()).toEqual(before);
});
