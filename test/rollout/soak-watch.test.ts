import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeSoakWatch } from '../../src/app/rollout/soak-watch.ts';
import type { StoredTrack } from '../../src/app/ports/rollout-store.ts';
import { haltedMsSince, joinPeriods } from '../../src/domain/rollout/halt-period.ts';

const settled = new Date('2026-11-23T10:00:00Z');

function track(wave: number, waveSettledAt: Date | null = settled): StoredTrack {
  return {
    rolloutNo: 1,
    track: 'tell',
    phase: 'running',
    reasons: [],
    epoch: 1,
    members: 100,
    waveEnds: [10, 100],
    soakSeconds: [900],
    wavesOpened: wave,
    openTo: 10,
    nextOrdinal: 10,
    waveOpenedAt: settled,
    waveSettledAt,
    haltedAt: null,
    haltedBy: null,
    acknowledged: [],
  };
}

function after(ms: number): Date {
  return new Date(settled.getTime() + ms);
}

test('a database whose clock jumps ahead ends no soak early', () => {
  let monotonic = 500;
  const watch = makeSoakWatch({ monotonicMs: () => monotonic });
  expect(watch.soakedUntil(track(1), settled)).toEqual(settled);
  monotonic += 60_000;
  expect(watch.soakedUntil(track(1), after(60_000))).toEqual(after(60_000));
  expect(watch.soakedUntil(track(1), after(7 * 86_400_000))).toEqual(after(60_000));
});

test('a database whose clock is behind keeps the soak to its own time', () => {
  let monotonic = 0;
  const watch = makeSoakWatch({ monotonicMs: () => monotonic });
  watch.soakedUntil(track(1), settled);
  monotonic = 3_600_000;
  expect(watch.soakedUntil(track(1), after(10))).toEqual(after(10));
});

test('each wave is watched for itself, and one that is not settled is not watched yet', () => {
  let monotonic = 0;
  const watch = makeSoakWatch({ monotonicMs: () => monotonic });
  watch.soakedUntil(track(1), settled);
  monotonic = 900_000;
  expect(watch.soakedUntil(track(2, null), after(900_000))).toEqual(after(900_000));
  expect(watch.soakedUntil(track(2), after(900_000))).toEqual(settled);
});

test('a deadline is moved by exactly the halted time since it began to run, however the halts lie', () => {
  const minute = fc.integer({ min: 0, max: 10_000 });
  const pauses = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(pauses, minute, fc.boolean(), (given, since, lastIsOpen) => {
      let at = 0;
      const marks = given.map(([runs, stands]) => {
        const from = at + runs;
        at = from + stands;
        return { from, until: at };
      });
      const end = at + 10;
      const isOpen = (index: number): boolean => lastIsOpen && index === marks.length - 1;
      const periods = marks.map(({ from, until }, index) => ({
        haltedAt: new Date(from),
        resumedAt: isOpen(index) ? null : new Date(until),
      }));
      let expected = 0;
      for (let moment = since; moment < end; moment += 1) {
        if (marks.some(({ from, until }, index) => moment >= from && moment < (isOpen(index) ? end : until)))
          expected += 1;
      }
      expect(haltedMsSince(periods, new Date(since), new Date(end))).toBe(expected);
    }),
    { numRuns: 200, seed: 18 },
  );
});

test('a pause and a halt on top of it are one standstill: no moment of them is counted twice', () => {
  const period = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 100 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(period, { maxLength: 8 }), fc.integer({ min: 0, max: 400 }), (given, since) => {
      const end = 600;
      const periods = given.map(([from, length, isOpen]) => ({
        haltedAt: new Date(from),
        resumedAt: isOpen ? null : new Date(from + length),
      }));
      const stands = (moment: number): boolean =>
        periods.some(
          ({ haltedAt, resumedAt }) => moment >= +haltedAt && moment < (resumedAt === null ? end : +resumedAt),
        );
      let expected = 0;
      for (let moment = since; moment < end; moment += 1) if (stands(moment)) expected += 1;
      expect(haltedMsSince(joinPeriods(periods), new Date(since), new Date(end))).toBe(expected);
    }),
    { numRuns: 200, seed: 40 },
  );
});
