import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedPlan, importLeaked, plainPeople, untilPhase } from '../../examples/scenarios/campaign.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import type { MailboxMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import { dsn, giveBack } from '../feedback/returned-mail.ts';

const firstWave = 6;
let world: World;
let port: number;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const found = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  return found;
}

beforeAll(async () => {
  port = await freePort();
  world = await openWorld({
    keep: 150,
    settings: {
      ALLCLEAR_FEEDBACK_SMTP_PORT: String(port),
      ALLCLEAR_RETURN_PATH_DOMAIN: 'bounces.chirp.example',
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: `${firstWave},50`,
      ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '600',
    },
  });
}, 120_000);

afterAll(() => world.close());

test('a served installation that is told of its bounces halts itself before it writes to anybody else', async () => {
  const people = plainPeople(world, 3).slice(0, 20);
  const plan = await approvedPlan(world, [await importLeaked(world, people, 'a paste')], { budget: 'attack' });
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  await expect.poll(() => world.mailbox.count(), { timeout: 60_000 }).toBe(firstWave);
  const mails = world.mailbox.all();
  for (const mail of mails) expect(mail.from).toMatch(/^bounces\+[0-9a-z]{16}\.[a-z2-7]{26}@bounces\.chirp\.example$/);

  const facts = await world.services.showFeedback();
  expect(facts).toMatchObject({ channels: ['smtp'], returnPathDomain: 'bounces.chirp.example' });
  expect(facts.lastHeardSeconds).toBeLessThan(10);
  expect(facts.complaintsAddress).toMatch(/^bounces\+complaints\./);

  for (const mail of mails.slice(0, 3)) {
    // Until the range of the mail is settled the listener asks to be told again, as a server's queue would.
    await expect
      .poll(async () => (await giveBack(port, mail.from, bounceOf(mail))).dot, { timeout: 30_000 })
      .toMatch(/^250/);
  }
  await untilPhase(world, plan.id, ['contain', 'tell'], ['halted'], 30_000);
  const status = await world.services.readRolloutStatus(plan.id);
  const tell = status.tracks.find((track) => track.track === 'tell');
  expect(tell).toMatchObject({ haltedBy: 'gate', counts: { accepted: 3, bounced: 3 } });
  expect(tell?.reasons.join()).toMatch(/bounces: [23] of 6 mails were refused or came back/);
  expect(status.containedUntold?.count).toBeGreaterThanOrEqual(3);
  expect(world.mailbox.count()).toBe(firstWave);
  const { total, suppressions } = await world.services.listSuppressions(10);
  expect([total, suppressions.length]).toEqual([3, 3]);
  const story = await world.services.explain(suppressions[0]?.noticeNumber ?? '', world.crew.author.id);
  expect(story.plans[0]).toMatchObject({ notices: [{ state: 'bounced' }] });
  expect((await world.services.verifyLedger()).findings).toEqual([]);
}, 180_000);

function bounceOf(mail: MailboxMessage): string {
  const [recipient = ''] = mail.to;
  return dsn({
    to: mail.from,
    finalRecipient: recipient,
    originalRecipient: recipient,
    diagnostic: `550 5.1.1 <${recipient}>: Recipient address rejected: User unknown`,
    returned: Buffer.from(mail.raw),
  });
}
