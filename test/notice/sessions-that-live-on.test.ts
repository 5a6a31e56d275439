import { beforeAll, expect, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import { showPlan } from '../../src/app/plan/show-plan.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { makeMailIdentity } from '../../src/main/mail-identity.ts';
import { aSink, aTransport } from '../mail/fixture.ts';
import { checkNotice } from '../support/notice-checker.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { oldPassword, withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import { whatIsTrue } from '../support/what-is-true.ts';
import { noRates } from '../support/no-rates.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  world.directory.keepsSessions(12 * 60);
  return () => world.close();
});

test('a plan for sessions that nobody can end says who stays signed in, and for how long, before anybody says yes', async () => {
  const people = world.addHolders(3);
  const staff = world.directory.addHolder({
    id: 'boss',
    address: 'boss@mail.test',
    password: oldPassword,
    protectedAs: 'staff',
  });
  const plan = await world.draft([await world.addBatch([...people, staff])]);
  expect(plan.total).toBe(3);
  expect(plan.header.sessionsLiveMinutes).toBe(720);
  const shown = await showPlan(
    { store: world.store, directory: world.directory, digests, signatures, deploymentId: world.deploymentId },
    plan.id,
  );
  expect(shown.exclusions).toMatchObject([{ reason: 'sessions-cannot-be-ended', count: 1 }]);
  expect(shown.exclusions[0]?.words).toContain('look at it by hand');
  const risk = shown.risks.find((one) => one.risk === 'sessions-live-on');
  expect(risk).toMatchObject({ count: 3, words: expect.stringContaining('for up to 12 hours') });
  expect(shown.lanes.map((lane) => lane.does)).toEqual([
    'password quarantined, sessions left as they are, notice sent',
  ]);
  expect(shown.cannotBeUndone.join()).not.toContain('Sessions that were ended');
});

test('no mail says that somebody was signed out who was not', async () => {
  const languages = ['en', 'de', 'es', 'ja'];
  const people = languages.flatMap((language) => world.addHolders(2, language));
  const sessions = people.map((id) => world.directory.signIn(id, oldPassword) ?? '');
  const { plan, rolloutNo } = await world.startedPlan(people);
  const sink = await aSink();
  const sendPermit = makePermitSender({
    store: world.store,
    directory: world.directory,
    transport: aTransport(sink, { connections: 4 }),
    templates: world.templates,
    compileMessage,
    inspectMail,
    addressKey: (address) => `key of ${address}`,
    mailPauses: makeMailPauses({ monotonicMs: () => 0 }),
    mailRates: noRates,
    noticeNumbers: world.noticeNumbers,
    dotLog: world.dotLog,
    identity: makeMailIdentity({
      mailFrom: 'Chirp <notices@chirp.test>',
      publicUrl: 'https://accounts.chirp.test',
      deployment: world.deploymentId,
      keys: world.keys,
      returnPathDomain: null,
    }),
    now: () => new Date(),
  });
  await world.work(rolloutNo, { sendPermit });
  expect(sink.taken).toHaveLength(8);
  expect(sessions.every((session) => world.directory.isAlive(session))).toBe(true);
  const targets = await world.store.transact((tx) => tx.plans.targetsOf(plan.id, people));
  for (const message of sink.taken) {
    const target = targets.find((one) => one.address === message.to[0]);
    const findings = await checkNotice(message.raw, {
      address: message.to[0] ?? '',
      language: target?.language ?? '',
      trueMeanings: whatIsTrue({
        oldPasswordWorks: false,
        choseNewPassword: false,
        sessionsEnded: false,
        passwordInList: true,
        observed: false,
        reported: false,
        earlierNotice: 'none',
        beingChecked: false,
        verdict: 'none',
      }),
      requiredMeanings: new Set(['old-password-works-no-more']),
      linkOrigins: ['https://accounts.chirp.test'],
      serviceAddresses: ['help@chirp.test', 'notices@chirp.test'],
      noticeNumber: target?.noticeNumber ?? '',
    });
    expect(findings).toEqual([]);
  }
});
