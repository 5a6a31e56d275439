import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeHostClock } from '../../src/adapters/fence/host-clock.ts';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import { makeDatabase } from '../../src/adapters/postgres/database.ts';
import { makeRateStore } from '../../src/adapters/postgres/rate-store.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { makeMailRates } from '../../src/app/notice/mail-rates.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import { deliveryStateOf } from '../../src/domain/notice/delivery-state.ts';
import { makeMailIdentity } from '../../src/main/mail-identity.ts';
import { aSink, aTransport, patientLimits } from '../mail/fixture.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a domain that may have two mails a second keeps nobody else of its permit waiting', async () => {
  // Most of them: soon each hand would stand before a dot of theirs.
  const holders = [...world.addHolders(12, 'en', 'slow.test'), ...world.addHolders(6, 'en', 'quick.test')];
  const { rolloutNo } = await world.startedPlan(holders, {
    order: 'contain-first',
    containWaveSizes: [1_000],
    tellWaveSizes: [1_000],
    smallPermitSize: 100,
  });
  await world.hearSensor();
  await world.advance(rolloutNo);
  await world.run(rolloutNo, 'contain');
  for (let look = 0; look < 2; look += 1) await world.advance(rolloutNo);
  const sink = await aSink();
  const rates = makeMailRates({
    rates: {
      all: [],
      eachDomain: [],
      domains: [{ domain: 'slow.test', limits: [{ messages: 2, windowSeconds: 1 }] }],
      providers: [],
      reserve: 0,
    },
    store: makeRateStore(makeDatabase(world.pool)),
    clock: makeHostClock(),
    standingMax: 2,
    holder: 'worker_1',
    nameOf: (domain) => domain,
    wait: (ms) => delay(ms),
    onFailed: (error) => {
      throw error;
    },
  });
  const run = await world.run(rolloutNo, 'tell', {
    sendPermit: makePermitSender({
      store: world.store,
      directory: world.directory,
      transport: aTransport(sink, { connections: 4, limits: patientLimits }),
      templates: world.templates,
      compileMessage,
      inspectMail,
      noticeNumbers: world.noticeNumbers,
      dotLog: world.dotLog,
      identity: makeMailIdentity({
        returnPathDomain: null,
        mailFrom: 'Chirp <notices@chirp.test>',
        publicUrl: 'https://accounts.chirp.test',
        deployment: world.deploymentId,
        keys: world.keys,
      }),
      addressKey: (address) => `key of ${address}`,
      now: () => new Date(),
      mailPauses: makeMailPauses({ monotonicMs: () => performance.now() }),
      mailRates: rates,
    }),
  });
  expect(run).toBe('settled');
  const words = (await world.outcomes(rolloutNo, 'tell')).map(deliveryStateOf);
  expect(new Set(words)).toEqual(new Set(['accepted']));
  const to = sink.taken.flatMap((mail) => mail.to);
  const lastQuick = to.findLastIndex((address) => address.endsWith('@quick.test'));
  // As many as stood before their dot when the rate turned out to be short; without turns most of them are before it.
  expect(to.slice(0, lastQuick).filter((address) => address.endsWith('@slow.test')).length).toBeLessThanOrEqual(5);
  expect(to).toHaveLength(18);
});
