import { describe, expect, test } from 'vitest';
import { makeLogger } from '../../src/adapters/log/logger.ts';
import { Failure } from '../../src/domain/shared/failure.ts';

function logged(write: (log: ReturnType<typeof makeLogger>) => void): string {
  const lines: string[] = [];
  write(makeLogger({ name: 'test', level: 'trace', destination: { write: (line) => void lines.push(line) } }));
  return lines.join('');
}

const secrets = ['hunter2', 'jane@example.org', 'act_0123456789abcdef0123456789abcdef', 'MC4CAQAwBQYDK2Vw'];
const [password, address, token, key] = secrets as [string, string, string, string];
const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;
const url = `postgres://user:${password}@db.internal/x`;

describe('the log never holds a password, a token, a key or an address', () => {
  test.each<[string, (log: ReturnType<typeof makeLogger>) => void]>([
    ['in a message', (log) => log.info(`${address} ${token} ${url} ${pem}`)],
    ['in a part of a message', (log) => log.info('%s and %j', address, { token })],
    ['in a field of that name', (log) => log.info({ password, token, email: address, to: address }, 'x')],
    ['in a field of another name', (log) => log.info({ said: `it is ${address} at ${url}`, note: token }, 'x')],
    ['deep inside', (log) => log.info({ request: { headers: { Authorization: `Bearer ${password}` } } }, 'x')],
    ['in a list', (log) => log.info({ accounts: [{ address }, { note: pem }] }, 'x')],
    ['in a child', (log) => log.child({ operator: address, token }).info('x')],
    [
      'in the child of a child',
      (log) =>
        log
          .child({ a: 1 })
          .child({ password, by: [address] })
          .info('x'),
    ],
    ['in an error', (log) => log.error(new Error(`cannot reach ${url} for ${address}`))],
    ['in an error beside a message', (log) => log.error({ err: new Error(address) }, 'failed')],
    ['in an error alone in a field', (log) => log.error({ err: new Error(address) })],
    ['in the cause of a failure', (log) => log.error(new Failure('internal', 'x', { to: address }, new Error(url)))],
    [
      'in what a driver adds to an error',
      (log) =>
        log.error(Object.assign(new Error('duplicate'), { detail: `Key (email)=(${address}) exists`, password })),
    ],
    ['below the depth that is read', (log) => log.info({ a: { b: { c: { d: { e: { f: { g: address } } } } } } }, 'x')],
  ])('%s', (_where, write) => {
    const text = logged(write);
    expect(text).not.toBe('');
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

test('the place of an error in a package stays readable', () => {
  expect(logged((log) => log.info('at node_modules/@hono/node-server/index.js:1'))).toContain(
    '@hono/node-server/index.js',
  );
});

test('a child of a child says what its parents said', () => {
  const text = logged((log) => log.child({ plan: 'plan_7' }).child({ wave: 2 }).info('x'));
  expect(JSON.parse(text)).toMatchObject({ plan: 'plan_7', wave: 2 });
});

test('what a person needs at 3 a.m. is still there', () => {
  const failure = new Failure('halted', 'Rollout 7 is halted.', { rollout: 7 }, new Error('because'));
  const line: unknown = JSON.parse(
    logged((log) => log.warn({ err: failure, plan: 'plan_81', waves: [1, 2] }, 'refused')),
  );
  expect(line).toMatchObject({
    level: 'warn',
    name: 'test',
    msg: 'refused',
    plan: 'plan_81',
    waves: [1, 2],
    err: { code: 'halted', message: 'Rollout 7 is halted.', facts: { rollout: 7 }, cause: { message: 'because' } },
  });
  expect(JSON.parse(logged((log) => log.error(failure)))).toMatchObject({ msg: 'Rollout 7 is halted.' });
});
