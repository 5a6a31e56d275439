import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planLines } from '../../src/cli/plan-lines.ts';
import type { ShownPlanAnswer } from '../../src/contract/plan-view.ts';
import { standardLimits } from '../../src/domain/plan/limits.ts';
import { tellEndsOf } from '../../src/domain/plan/waves.ts';
import { keysOfDomain, rateClassOf } from '../../src/domain/rate/mail-rates.ts';
import { readDomainRates, readLimits, readProviderRates } from '../../src/domain/rate/read-rates.ts';
import {
  countsForMs,
  leaseLifeMs,
  ordinaryMost,
  ordinaryWithin,
  secondsToSend,
} from '../../src/domain/rate/rate-limit.ts';
import type { RateLimit } from '../../src/domain/rate/rate-limit.ts';
import { addSighting, seenUpTo } from '../../src/domain/rate/sightings.ts';
import type { Sighting } from '../../src/domain/rate/sightings.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { limitsFrom } from '../../src/main/limits-from.ts';
import { mailRatesFrom } from '../../src/main/mail-rates-from.ts';
import { tracks } from '../../src/domain/shared/track.ts';

const fourteen: RateLimit = { messages: 14, windowSeconds: 1 };
const day: RateLimit = { messages: 50_000, windowSeconds: 86_400 };

describe('a rate as it is written', () => {
  test('is read, the smallest window first', () => {
    expect(readLimits('50000/d 14/s')).toEqual([fourteen, day]);
    expect(readDomainRates(' Gmail.com=10/s 20000/d,example.org=5/min')).toEqual([
      {
        domain: 'gmail.com',
        limits: [
          { messages: 10, windowSeconds: 1 },
          { messages: 20_000, windowSeconds: 86_400 },
        ],
      },
      { domain: 'example.org', limits: [{ messages: 5, windowSeconds: 60 }] },
    ]);
    expect(readProviderRates('google(gmail.com googlemail.com)=20/s, m(hotmail.com) = 9/h')).toEqual([
      { name: 'google', domains: ['gmail.com', 'googlemail.com'], limits: [{ messages: 20, windowSeconds: 1 }] },
      { name: 'm', domains: ['hotmail.com'], limits: [{ messages: 9, windowSeconds: 3_600 }] },
    ]);
  });

  test.each(['', '14', '14/', '0/s', '-1/s', '1.5/s', '14/s 15/s', '14/day', '14 / s', '99999999999/d'])(
    'and %j is refused: a rate that is misread is no rate',
    (text) => expect(readLimits(text)).toBeNull(),
  );

  test.each(['gmail.com', 'gmail.com=', '=5/s', 'a.test=5/s,a.test=6/s', 'a b=5/s', 'a.test=5/s=6/s', 'a.test=5/s,'])(
    'and %j is no list of domains',
    (text) => expect(readDomainRates(text)).toBeNull(),
  );

  test.each(['google=5/s', 'google()=5/s', '(a.test)=5/s', 'g(a.test)=5/s, g(b.test)=5/s', 'g(a.test)'])(
    'and %j is no list of providers',
    (text) => expect(readProviderRates(text)).toBeNull(),
  );

  test('a configuration that cannot be read is refused by name, and a quota of a day is a rate', () => {
    const load = (env: Record<string, string>) => loadConfig({ env, flags: {}, cwd: '/' }).config;
    expect(() => load({ ALLCLEAR_MAIL_RATE: '14 a second' })).toThrow(/ALLCLEAR_MAIL_RATE/);
    expect(() => load({ ALLCLEAR_MAIL_RATE_RESERVE: '0.95' })).toThrow(/ALLCLEAR_MAIL_RATE_RESERVE/);
    const both = load({ ALLCLEAR_MAIL_RATE: '14/s 60000/d', ALLCLEAR_MAIL_QUOTA_PER_DAY: '50000' });
    expect(mailRatesFrom(both)).toMatchObject({ all: [fourteen, day], reserve: 0.2 });
    expect(mailRatesFrom(load({}))).toMatchObject({ all: [], eachDomain: [], domains: [], providers: [] });
  });
});

describe('what is counted by what', () => {
  const rates = {
    all: [fourteen],
    eachDomain: [fourteen],
    domains: [{ domain: 'own.test', limits: [day] }],
    providers: [{ name: 'big', domains: ['own.test', 'b.test'], limits: [day] }],
    reserve: 0.2,
  };
  const keysOf = (domain: string): readonly string[] =>
    keysOfDomain(rates, domain, (name) => `<${name.length}>`).map((one) => one.key);

  test('a domain that nobody named is counted without being told', () => {
    expect(keysOf('a.test')).toEqual(['all', 'domain:<6>']);
    expect(keysOf('own.test')).toEqual(['all', 'domain:own.test', 'provider:big']);
    expect(keysOf('b.test')).toEqual(['all', 'domain:<6>', 'provider:big']);
  });

  test('only the letters that put a mistake right may use the reserve', () => {
    expect(tracks.filter((track) => rateClassOf(track) === 'correction')).toEqual(['holding', 'correct']);
  });
});

describe('the figures of a rate', () => {
  const limits = fc.uniqueArray(
    fc.record({ messages: fc.integer({ min: 1, max: 100_000 }), windowSeconds: fc.constantFrom(1, 60, 3_600, 86_400) }),
    { selector: (one) => one.windowSeconds, minLength: 1 },
  ) as fc.Arbitrary<RateLimit[]>;

  test('notices leave corrections their reserve, but for a limit of one', () => {
    expect([1, 2, 5, 14].map((messages) => ordinaryMost(messages, 0.2))).toEqual([1, 1, 4, 11]);
  });

  test('a lease lives for a part of the smallest window, and counts for longer than its window', () => {
    expect(leaseLifeMs([day, fourteen])).toBe(125);
    expect(leaseLifeMs([day])).toBe(5_000);
    expect(countsForMs(1)).toBeGreaterThan(1_000);
  });

  test('what is said to take so long does not fit into less', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 1_000_000 }), (some, messages) => {
        const seconds = secondsToSend(some, 0.2, messages);
        for (const { messages: most, windowSeconds } of some) {
          const windows = Math.floor(seconds / windowSeconds) + 1;
          expect(windows * ordinaryMost(most, 0.2)).toBeGreaterThanOrEqual(messages);
        }
      }),
    );
  });

  test('no wave of notices is larger than what leaves in an hour, and none is smaller than the one before', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 60_000 }), (some, told) => {
        const ends = tellEndsOf(told, { ...standardLimits, mailRate: { limits: some, reserve: 0.2 } });
        const sizes = ends.map((end, wave) => end - (ends[wave - 1] ?? 0));
        expect(ends.at(-1)).toBe(told);
        // Ten is the technical check, whatever the rate.
        const most = Math.max(10, ordinaryWithin(some, 0.2, 3_600) ?? 0);
        expect(sizes.filter((size) => size > most)).toEqual([]);
        expect(sizes.slice(0, -1)).toEqual(sizes.slice(0, -1).toSorted((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
    expect(tellEndsOf(5_000, { ...standardLimits, mailRate: { limits: [day], reserve: 0.2 } })).toEqual(
      tellEndsOf(5_000, standardLimits),
    );
  });

  test('a plan is drafted with the rate, and shows it with the time that it takes', () => {
    const { config } = loadConfig({ env: { ALLCLEAR_MAIL_RATE: '14/s 50000/d' }, flags: {}, cwd: '/' });
    const drafted = limitsFrom(config, { order: 'interlocked', budget: 'normal', pace: null });
    expect(drafted.mailRate).toEqual({ limits: [fourteen, day], reserve: 0.2 });
    expect(rateLineOf({ ...standardLimits, mailRate: { limits: [fourteen, day], reserve: 0.2 } }, 90_000)).toMatch(
      /14 per s, 50000 per day, of which 20 % are kept for corrections; to tell all 90.000 takes at least 2\.1 days/,
    );
    expect(rateLineOf(standardLimits, 10)).toMatch(/none named/);
  });
});

function rateLineOf(limits: ShownPlanAnswer['limits'], told: number): string {
  const plan = {
    counts: { told, total: told, quarantined: told, suspended: 0, sessionsOnly: 0, excluded: 0, evidence: told },
    suspension: null,
    limits,
    waves: { containEnds: [told], tellEnds: [told], tellNeedsContained: [told], containNeedsTold: [0] },
    difference: null,
    batches: [],
    templates: [],
    lanes: [],
    exclusions: [],
    risks: [],
    cannotBeUndone: [],
    budgets: null,
    sample: [],
    approvals: { have: 0, required: 2, until: null, given: [] },
    review: { demand: { of: 'nobody' }, reviewers: [], wrong: [] },
  } as unknown as ShownPlanAnswer;
  return planLines(plan).find((line) => line.includes('rate of mail')) ?? '';
}

describe('what a process saw of the leases of others', () => {
  test('proves them old once it is long enough ago, and never those that came after', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.nat(3_000)), { maxLength: 100 }),
        fc.nat(200_000),
        (steps, laterMs) => {
          let seen: readonly Sighting[] = [];
          const made: { no: number; atMs: number }[] = [];
          let [newest, nowMs] = [0, 0];
          for (const [leases, waitMs] of steps) {
            nowMs += waitMs;
            for (let one = 0; one < leases; one += 1) made.push({ no: (newest += 1), atMs: nowMs });
            seen = addSighting(seen, { newest, heardAtMs: nowMs });
          }
          const askedAtMs = nowMs + laterMs;
          const upTo = seenUpTo(seen, askedAtMs, 1_126);
          for (const { no, atMs } of made) if (no <= upTo) expect(askedAtMs - atMs).toBeGreaterThanOrEqual(1_126);
        },
      ),
    );
  });

  test('is forgotten where there are fewer leases than before: it is another database', () => {
    const seen = addSighting([{ newest: 500, heardAtMs: 0 }], { newest: 480, heardAtMs: 10 });
    expect(seenUpTo(seen, 5_000, 1_000)).toBe(480);
    expect(seen).toHaveLength(1);
  });
});
