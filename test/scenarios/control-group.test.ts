import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { passwordOf } from '../../examples/chirp/population/ground-truth.ts';
import type { Person } from '../../examples/chirp/population/ground-truth.ts';
import { startChirp } from '../../examples/chirp/start-chirp.ts';
import type { RunningChirp } from '../../examples/chirp/start-chirp.ts';
import { approvedPlan, importLeaked, plainPeople } from '../../examples/scenarios/campaign.ts';
import { makeChirpClient } from '../../examples/scenarios/chirp-client.ts';
import { mailsTo } from '../../examples/scenarios/observe-world.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { parseMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import type { TrackStatus } from '../../src/app/rollout/read-status.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';

/** A wave of ten, and then the rest: while the first soaks, its people and others sign in at Chirp, or try to. */
const waveSize = 10;
const targets = 20;
const newPassword = 'sparrow-in-the-attic 4';

let world: World;
let broken: RunningChirp;
let refusing: Server;
let own: pg.Client;

beforeAll(async () => {
  world = await openWorld({
    keep: 250,
    settings: {
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: `${waveSize},1000`,
      ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '20,0',
      ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
      ALLCLEAR_LIMIT_SIGN_IN_AGES: '3600',
    },
  });
  own = new pg.Client({ connectionString: world.env['DATABASE_URL'], options: '-c search_path=allclear' });
  await own.connect();
  // Whatever password somebody chooses there, it is "one that is known to others".
  refusing = createServer((_request, response) => response.end(JSON.stringify({ allowed: false })));
  refusing.listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  broken = await startChirp({
    databaseUrl: world.chirp.databaseUrl,
    smtpUrl: world.env['SMTP_URL'] ?? '',
    port: 0,
    rateLimit: false,
    passwordCheck: { url: `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`, token: 'any' },
  });
}, 240_000);

afterAll(async () => {
  await broken?.stop();
  refusing?.close();
  await own?.end();
  await world?.close();
});

async function told(plan: PlanId): Promise<TrackStatus> {
  const { tracks } = await world.services.readRolloutStatus(plan);
  const tell = tracks.find(({ track }) => track === 'tell');
  if (tell === undefined) throw new Error('the plan has no notices');
  return tell;
}

async function waveOf(plan: PlanId): Promise<readonly Person[]> {
  const targetsOfPlan = await world.installation.store.transact((tx) => tx.plans.targets(plan, 0, targets));
  const first = targetsOfPlan.filter(({ tellOrdinal }) => tellOrdinal !== null && tellOrdinal < waveSize);
  return first.map(({ accountId }) => personOf(accountId));
}

async function groupOf(plan: PlanId): Promise<readonly Person[]> {
  const rows = await world.installation.store.transact((tx) => tx.controls.rows(plan));
  return rows.map(({ accountId }) => personOf(accountId ?? ''));
}

function personOf(accountId: string): Person {
  const person = world.chirp.truth.people.find((one) => one.accountId === accountId);
  if (person === undefined) throw new Error('nobody of Chirp');
  return person;
}

/** As a person who read the notice: forgot the password, follows the link, chooses another and signs in with it. */
async function comeBack(chirpUrl: string, person: Person): Promise<boolean> {
  const client = makeChirpClient(chirpUrl);
  const seen = mailsTo(world.mailbox, person.address).length;
  await client.forgotPassword(person.address);
  const mail = await vi.waitFor(
    () => {
      const last = mailsTo(world.mailbox, person.address).slice(seen).at(-1);
      if (last === undefined) throw new Error('no link has come yet');
      return last;
    },
    { timeout: 10_000 },
  );
  const link = /https?:\/\/\S+/.exec((await parseMessage(mail)).text)?.[0] ?? '';
  await client.resetPassword(new URL(link).searchParams.get('token') ?? '', newPassword);
  return (await client.signIn(person.address, newPassword)).ok;
}

test('a Chirp that refuses new passwords is found before the second wave, and one that takes them is let on', async () => {
  const people = plainPeople(world, 11);
  const wrong = await importLeaked(world, people.slice(0, targets), 'one list');
  const right = await importLeaked(world, people.slice(targets, 2 * targets), 'another list');
  const sick = await approvedPlan(world, [wrong], { budget: 'attack' });
  const well = await approvedPlan(world, [right], { budget: 'attack' });
  for (const { id, total } of [sick, well]) await world.services.startRollout(id, total, world.crew.author.id);
  for (const { id } of [sick, well])
    await vi.waitFor(async () => expect((await told(id)).soakUntil).not.toBeNull(), { timeout: 60_000, interval: 100 });

  const group = new Set([...(await groupOf(sick.id)), ...(await groupOf(well.id))]);
  expect(group.size).toBeGreaterThanOrEqual(waveSize);
  for (const person of group) {
    const { status } = await makeChirpClient(world.chirp.url).signIn(person.address, passwordOf(person) ?? '');
    expect(status).toBe(200);
  }
  const tried = await Promise.all((await waveOf(sick.id)).map((person) => comeBack(broken.url, person)));
  expect(tried).not.toContain(true);
  const back = await Promise.all(
    (await waveOf(well.id)).slice(0, waveSize - 2).map((person) => comeBack(world.chirp.url, person)),
  );
  expect(back).not.toContain(false);
  await own.query(`UPDATE sign_in_count SET due_at = clock_timestamp() - interval '1 s' WHERE wave = 1`);

  await vi.waitFor(async () => expect((await told(well.id)).phase).toBe('finished'), {
    timeout: 60_000,
    interval: 200,
  });
  await vi.waitFor(
    async () => expect((await told(sick.id)).reasons.join()).toMatch(/recoveries: wave 1.*: 0 of 10 signed in again/),
    { timeout: 30_000, interval: 200 },
  );
  expect(await told(sick.id)).toMatchObject({ phase: 'running', wave: { opened: 1, of: 2 } });
  const status = await world.services.readRolloutStatus(well.id);
  expect(status.signIns?.counts[0]).toMatchObject({
    taken: { people: waveSize, signedIn: waveSize - 2 },
    verdict: { kind: 'pass' },
  });

  // Of the second wave nobody heard of anything; of the group nobody ever will.
  const rest = await world.installation.store.transact((tx) => tx.plans.targets(sick.id, 0, targets));
  const later = rest.filter(({ tellOrdinal }) => (tellOrdinal ?? 0) >= waveSize);
  for (const { address } of later) expect(mailsTo(world.mailbox, address ?? '')).toHaveLength(0);
  for (const person of group) expect(mailsTo(world.mailbox, person.address)).toHaveLength(0);
  const { rows } = await own.query('SELECT FROM restore_point WHERE account_id = ANY($1)', [
    [...group].map(({ accountId }) => accountId),
  ]);
  expect(rows).toHaveLength(0);
}, 150_000);
