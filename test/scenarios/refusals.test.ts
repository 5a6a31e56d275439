import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../examples/chirp/population/ground-truth.ts';
import {
  approvedPlan,
  importObserved,
  plainPeople,
  resumeByTwo,
  tracksOf,
  untilPhase,
} from '../../examples/scenarios/campaign.ts';
import { findWrong, lettersOf, untouched } from '../../examples/scenarios/check-world.ts';
import type { DueState } from '../../examples/scenarios/check-world.ts';
import { asKept, readCredentials } from '../../examples/scenarios/observe-world.ts';
import { tokenOf } from '../../examples/scenarios/people.ts';
import { shortWaves } from '../../examples/scenarios/replay.ts';
import { copyTemplates } from '../../examples/scenarios/template-folder.ts';
import type { TemplateFolder } from '../../examples/scenarios/template-folder.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import type { NoticeTemplate } from '../../src/domain/notice/template.ts';
import type { RunningWorker } from '../../src/main/run-worker.ts';

/** Three accidents that have to end in a refusal share one service; each takes people of its own. */
const peopleEach = 40;
let templates: TemplateFolder;
let world: World;
let before: ReadonlyMap<string, string | null>;
let people: Iterator<Person>;
/** What is due to whoever an accident before this one reached. */
const due = new Map<string, DueState>();
let worker: RunningWorker | undefined;

beforeAll(async () => {
  templates = await copyTemplates();
  world = await openWorld({ keep: 250, hasWorker: false, templates: templates.catalog, settings: shortWaves });
  before = await readCredentials(world.chirp.databaseUrl);
  people = plainPeople(world, 2021).values();
  return () => templates.remove();
});

afterAll(() => world.close());

afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  expect(await findWrong(world, before, ({ accountId }) => due.get(accountId) ?? untouched)).toEqual([]);
});

/** A sound plan over people of its own. */
async function planOver(rule: string) {
  const named = Array.from({ length: peopleEach }, () => people.next().value as Person);
  const batch = await importObserved(world, named, rule);
  return { named, batch, plan: await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' }) };
}

function draftWith(batch: `batch_${number}`, notice: string): Promise<unknown> {
  return world.services.draftPlan(
    {
      batches: [batch],
      action: 'reset',
      notice,
      author: world.crew.author.id,
      limits: { pace: null, order: 'interlocked', budget: 'attack' },
    },
    () => undefined,
  );
}

function shippedNotice(): NoticeTemplate {
  const template = templates.catalog.findNewest('password-reset');
  if (template === null) throw new Error('the shipped notice is missing');
  return template;
}

describe('coinbase-2021', () => {
  test('a notice that claims what no receipt can prove is refused when the plan is made, and makes no plan', async () => {
    const batch = await importObserved(world, [people.next().value as Person], 'a-rule');
    const shipped = shippedNotice();
    const notice = shipped.mails.notice;
    if (notice === undefined) throw new Error('the shipped notice is missing');
    const claiming = notice.blocks.map((block) =>
      block.id === 'signed-out' ? ({ ...block, claim: 'password-given-back' } as const) : block,
    );
    templates.add({ ...shipped, id: 'two-step', mails: { ...shipped.mails, notice: { ...notice, blocks: claiming } } });
    const plans = (await world.services.listPlans(100)).length;
    await expect(draftWith(batch, 'two-step')).rejects.toMatchObject({
      code: 'template-unfit',
      message: expect.stringContaining('which this kind of mail does not make'),
    });
    expect(await world.services.listPlans(100)).toHaveLength(plans);
    expect(lettersOf(world, 'notice')).toBe(0);
  });

  test('a template on disk that names a claim without a proof is not even read', async () => {
    const [file, claim] = ['password-reset/v1/form.yaml', 'claim: sessions-ended'];
    await templates.change(file, claim, 'claim: two-step-settings-changed');
    await expect(templates.reread()).rejects.toMatchObject({ code: 'template-unfit' });
    await templates.change(file, 'claim: two-step-settings-changed', claim);
    await templates.reread();
  });

  test('whoever has no receipt at the moment of sending is withheld and counted, and gets nothing', async () => {
    const { named, plan } = await planOver('session-in-a-dump');
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    const by = world.crew.approvers[0].id;
    await world.services.haltRollout({ subject: plan.id, scope: 'tell', by, reason: 'contain first' });
    worker = world.startWorker();
    await untilPhase(world, plan.id, ['contain'], ['finished'], 60_000);

    const bare = named.slice(0, peopleEach / 2);
    await onAllclear(
      `UPDATE allclear.restore_point SET contained_at = NULL, sessions_ended_at = NULL, sessions_ended = NULL
       WHERE account_id = ANY ($1)`,
      bare.map((person) => person.accountId),
    );
    await resumeByTwo(world, plan);
    await untilPhase(world, plan.id, ['tell'], ['finished'], 60_000);
    const { tracks } = await world.services.readRolloutStatus(plan.id);
    expect(tracks.find((track) => track.track === 'tell')?.counts).toEqual({
      withheld: bare.length,
      accepted: peopleEach - bare.length,
    });
    for (const person of named) {
      const letters = bare.includes(person) ? '' : 'notice';
      due.set(person.accountId, { letters, password: 'taken', isSignedOut: true });
    }
  });
});

describe('reddit-2019', () => {
  test('a notice of a suspension cannot go with a reset: refused when the plan is made', async () => {
    const batch = await importObserved(world, [people.next().value as Person], 'another-rule');
    templates.add({ ...shippedNotice(), id: 'suspension', describesAction: 'suspend' });
    await expect(draftWith(batch, 'suspension')).rejects.toMatchObject({
      code: 'template-unfit',
      message: expect.stringContaining('describes suspend, the plan does reset'),
    });
  });

  test('a file on disk that speaks of a suspension in a notice of a reset is not even read', async () => {
    const [file, approved, wrong] = ['password-reset/v1/en.yaml', 'we reset the password', 'we suspended the holder'];
    await templates.change(file, approved, wrong);
    await expect(templates.reread()).rejects.toMatchObject({ code: 'template-unfit' });
    await templates.change(file, wrong, approved);
    await templates.reread();
  });

  test('words that changed on disk since the approval reach nobody; with the approved words the plan goes on', async () => {
    const { named, plan } = await planOver('stolen-cookie');
    const [file, approved, drifted] = ['password-reset/v1/en.yaml', 'we reset the password', 'we changed the password'];
    await templates.change(file, approved, drifted);
    await templates.reread();
    await expect(world.services.startRollout(plan.id, plan.total, world.crew.author.id)).rejects.toMatchObject({
      code: 'code-drift',
      message: expect.stringContaining('not those that were approved'),
    });
    await templates.change(file, drifted, approved);
    await templates.reread();
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    await templates.change(file, approved, drifted);
    await templates.reread();

    worker = world.startWorker();
    const opened = async () => (await tracksOf(world, plan.id)).find((track) => track.track === 'contain')?.wavesOpened;
    await expect.poll(opened, { timeout: 20_000 }).toBe(1);
    // Long enough for several tries of every hand of the worker.
    await delay(1_500);
    const status = await world.services.readRolloutStatus(plan.id);
    for (const track of status.tracks) {
      expect(track.gates.find((gate) => gate.gate === 'approval')?.reason).toContain('not those that were approved');
      expect(track.counts).toEqual({ created: peopleEach });
    }
    expect(await findWrong(world, before, ({ accountId }) => due.get(accountId) ?? untouched)).toEqual([]);

    await templates.change(file, drifted, approved);
    await templates.reread();
    await untilPhase(world, plan.id, ['contain', 'tell'], ['finished'], 60_000);
    for (const { accountId } of named) due.set(accountId, { letters: 'notice', password: 'taken', isSignedOut: true });
  });
});

describe('hbo-max-2021', () => {
  test('a rehearsal reaches the operator who asked; to a holder the API refuses it and nothing is sent', async () => {
    const { named, plan } = await planOver('a-third-rule');
    const token = await tokenOf(world.services, world.crew.author);
    const rehearse = (to: string): Promise<Response> =>
      fetch(`${world.serverUrl}/api/v1/plans/${plan.id}/rehearsals`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': crypto.randomUUID(),
        },
        body: JSON.stringify({ to }),
      });
    const mails = world.mailbox.count();
    const holder = named[0]?.address ?? '';
    for (const to of [holder, `cho@chirp.example, ${holder}`, 'everyone@chirp.example']) {
      const answer = await rehearse(to);
      expect(answer.status).toBe(403);
      await answer.body?.cancel();
    }
    expect(world.mailbox.count()).toBe(mails);
    const answer = await rehearse('cho@chirp.example');
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
    const rehearsed = world.mailbox.all().filter((mail) => mail.raw.includes('X-Allclear-Rehearsal: 1'));
    expect(rehearsed.length).toBe(world.mailbox.count() - mails);
    expect(rehearsed.length).toBeGreaterThan(0);
    expect(new Set(rehearsed.flatMap((mail) => mail.to.map(asKept)))).toEqual(new Set(['cho@chirp.example']));
  });
});

test('the check of the world itself sees each kind of wrong', async () => {
  const [one, other] = [...due].toSpliced(2).map(([id]) => id);
  const [id, right] = [...due].at(-1) ?? [];
  const plant = (accountId: string | undefined, state: DueState): Promise<readonly string[]> =>
    findWrong(world, before, (person) =>
      person.accountId === accountId ? state : (due.get(person.accountId) ?? untouched),
    );
  expect(one).not.toBe(other);
  if (right === undefined) throw new Error('nobody was reached');
  expect(await plant(id, { ...right, letters: 'notice final' })).toHaveLength(1);
  expect(await plant(id, { ...right, password: 'old' })).toHaveLength(1);
  expect(await plant(id, untouched)).toHaveLength(2);
});

async function onAllclear(sql: string, accounts: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
  await client.connect();
  try {
    const { rowCount } = await client.query(sql, [accounts]);
    expect(rowCount).toBe(accounts.length);
  } finally {
    await client.end();
  }
}
