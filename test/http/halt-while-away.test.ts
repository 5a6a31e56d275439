import { expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeHaltAuthenticator } from '../../src/app/operator/authenticate-to-halt.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import type { Caller } from '../../src/app/operator/authenticate-token.ts';
import { ada } from './fake-services.ts';

const adaCalls: Caller = { operator: ada, token: 'token_1', scope: ['full'], isFirstOfHour: false };

const day = 24 * 3_600_000;
const away: Store = { transact: () => Promise.reject(new Error('connect ECONNREFUSED')) };
const hangs: Store = { transact: () => new Promise(() => undefined) };

/** A database that answers, and knows nobody any more. */
const forgets: Store = {
  transact: async (work) =>
    work({
      operators: { findToken: async () => null },
      approvals: { now: async () => new Date() },
    } as never),
};

function authenticatorOver(store: Store) {
  const at = { ms: 0 };
  const authenticator = makeHaltAuthenticator({
    store,
    digests,
    clock: { monotonicMs: () => at.ms },
    inTime: (work) => Promise.race([work, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]),
  });
  return { authenticator, at };
}

test.each([
  ['is away', away],
  ['hangs', hangs],
])('whoever was known within a day may halt while the database %s', async (_, store) => {
  const { authenticator, at } = authenticatorOver(store);
  authenticator.remember('token of ada', adaCalls);
  at.ms = day;
  expect(await authenticator.authenticate('token of ada')).toEqual(adaCalls);
  at.ms = day + 1;
  await expect(authenticator.authenticate('token of ada')).rejects.toThrow();
});

test('a stranger does not halt because the database is away', async () => {
  const { authenticator } = authenticatorOver(hangs);
  authenticator.remember('token of ada', adaCalls);
  await expect(authenticator.authenticate('token of eve')).rejects.toMatchObject({ code: 'database-unavailable' });
});

test('a token that the database refuses is forgotten here too', async () => {
  const { authenticator } = authenticatorOver(forgets);
  authenticator.remember('token of ada', adaCalls);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(authenticator.authenticate('token of ada')).rejects.toBeInstanceOf(Failure);
  }
});
