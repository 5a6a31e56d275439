import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/shared/failure.ts';
import { makeApiLimits } from '../../src/http/api-limits.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { makeRequestLimit } from '../../src/http/request-limit.ts';
import type { Services } from '../../src/http/services.ts';
import { ada, fakeServices, rememberingLog } from './fake-services.ts';

const good = (name: string): string => `act_good-${name}`;

function appWith(given: Partial<Services> = {}) {
  let lookUps = 0;
  const services = fakeServices({
    async authenticate(token) {
      lookUps += 1;
      if (!token.startsWith('act_good')) throw new Failure('unauthenticated', 'The token is not valid.');
      return { operator: ada, token: 'token_1', scope: ['full'], isFirstOfHour: false };
    },
    listPlans: async () => [],
    haltRollout: async () => ({ rollouts: [], alreadyHalted: true, entered: true }),
    issueToken: async () => {
      throw new Failure('unauthenticated', 'The token request is not valid.');
    },
    ...given,
  });
  const app = makeHttpApp(services, { log: rememberingLog(), monotonicMs: () => 0 });
  const call = async (path: string, token: string, from = '192.0.2.1', init: RequestInit = {}): Promise<Response> =>
    app.request(
      path,
      { ...init, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      { incoming: { socket: { remoteAddress: from, remotePort: 1 } } },
    );
  const body = JSON.stringify({ subject: null, scope: 'all', reason: 'flood' });
  return {
    lookUps: () => lookUps,
    plans: (token: string, from?: string) => call('/api/v1/plans', token, from),
    halt: (token: string, from?: string) => call('/api/v1/halts', token, from, { method: 'POST', body }),
    sign: (from?: string) =>
      call('/api/v1/tokens', 'x', from, { method: 'POST', body: JSON.stringify({ request: '{}', signature: 'x' }) }),
    open: (path: string, from?: string) => call(path, 'x', from),
  };
}

async function statusesOf(times: number, ask: () => Response | Promise<Response>): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let at = 0; at < times; at += 1) seen.push((await ask()).status);
  return seen;
}

describe('a flood', () => {
  it('of one token is turned away with the time to wait, holds no other token back, and no halt', async () => {
    const world = appWith();
    const seen = await statusesOf(400, () => world.plans(good('flood')));
    expect(seen.slice(0, 300)).toEqual(Array.from({ length: 300 }, () => 200));
    expect(world.lookUps()).toBe(300);
    const answer = await world.plans(good('flood'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect(((await answer.json()) as { code: string }).code).toBe('too-many-requests');
    expect((await world.plans(good('other'))).status).toBe(200);
    expect((await world.halt(good('flood'))).status).toBe(200);
  });

  it('of tokens that are none stops being looked up, and keeps nobody at that address from halting', async () => {
    const world = appWith();
    expect((await world.plans(good('known'))).status).toBe(200);
    const seen = await statusesOf(200, () => world.plans('act_bad'));
    expect(seen.slice(0, 100).every((status) => status === 401)).toBe(true);
    expect(seen.at(-1)).toBe(429);
    expect(world.lookUps()).toBe(101);
    expect((await world.plans(good('known'))).status).toBe(200);
    expect((await world.plans(good('never-seen'))).status).toBe(429);
    expect((await world.halt(good('never-seen'))).status).toBe(200);
    expect((await world.plans(good('never-seen'), '198.51.100.9')).status).toBe(200);
  });

  it('that comes all at once is counted before it is looked up', async () => {
    const world = appWith();
    const answers = await Promise.all(Array.from({ length: 500 }, () => world.plans('act_bad')));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(100);
    expect(world.lookUps()).toBe(100);
    const people = await Promise.all(
      Array.from({ length: 90 }, (_, at) => world.plans(good(`person-${at}`), '198.51.100.9')),
    );
    expect(people.filter((answer) => answer.status !== 200)).toEqual([]);
    expect((await world.plans(good('late'), '198.51.100.9')).status).toBe(200);
  });

  it('of requests without any token is turned away as well', async () => {
    const world = appWith();
    const seen = await statusesOf(120, () => world.plans(''));
    expect([seen[0], seen.at(-1)]).toEqual([401, 429]);
  });

  it('of a token that was good and is revoked counts as a stranger again', async () => {
    let revoked = false;
    const world = appWith({
      authenticate: async () => {
        if (revoked) throw new Failure('unauthenticated', 'The token is not valid.');
        return { operator: ada, token: 'token_1', scope: ['full'], isFirstOfHour: false };
      },
    });
    expect((await world.plans(good('a'))).status).toBe(200);
    revoked = true;
    expect((await statusesOf(130, () => world.plans(good('a')))).at(-1)).toBe(429);
  });

  it('of halts is heard for long, and then told when to come again', async () => {
    const world = appWith();
    const seen = await statusesOf(130, () => world.halt(good('a')));
    expect(seen.slice(0, 100).every((status) => status === 200)).toBe(true);
    expect(seen.at(-1)).toBe(429);
    expect((await world.plans(good('a'))).status).toBe(200);
  });

  it('of signed requests and of what needs no token is turned away by address', async () => {
    const world = appWith();
    expect((await statusesOf(30, () => world.sign())).at(-1)).toBe(429);
    expect((await world.sign('198.51.100.9')).status).toBe(401);
    for (const path of ['/openapi.json', '/docs', '/readyz']) {
      const seen = await statusesOf(90, () => world.open(path, `203.0.113.${path.length}`));
      expect([seen[0], seen.at(-1)], path).toEqual([200, 429]);
    }
    expect((await world.open('/healthz', '203.0.113.5')).status).toBe(200);
  });
});

describe('a limit', () => {
  it('forgets the one that was silent longest instead of growing', () => {
    const limit = makeRequestLimit({ burst: 1, refillSeconds: 1_000 }, () => 0);
    limit.take('first');
    for (let at = 0; at < 19_999; at += 1) limit.take(`key ${at}`);
    expect(limit.knows('first')).toBe(true);
    limit.take('one more');
    expect([limit.knows('first'), limit.knows('key 0')]).toEqual([false, true]);
  });

  it('gives way as time passes, and says how long that takes', () => {
    let nowMs = 0;
    const limits = makeApiLimits(() => nowMs);
    const waits = (): number => {
      try {
        limits.takeSigned('192.0.2.1');
        return 0;
      } catch (error) {
        return Number((error as Failure).facts['retryAfterSeconds']);
      }
    };
    expect(Array.from({ length: 20 }, waits)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(waits()).toBe(3);
    nowMs += 2_500;
    expect(waits()).toBe(1);
    nowMs += 500;
    expect(waits()).toBe(0);
    nowMs -= 60_000;
    expect(waits()).toBeGreaterThan(0);
  });
});
