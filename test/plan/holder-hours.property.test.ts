import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldFromOrdinal, longestNightHours, opensAt } from '../../src/domain/plan/holder-hours.ts';
import type { HolderHours } from '../../src/domain/plan/holder-hours.ts';
import { standardLimits } from '../../src/domain/plan/limits.ts';
import { localHour, readTimeZone } from '../../src/domain/shared/time-zone.ts';

const seed = 2014;
const hourMs = 3_600_000;
const standard: HolderHours = { from: 8, to: 21, fromWaveSize: 500, defaultZone: 'UTC' };
/** Both sides of the date line, half and quarter hours, a change of half an hour, and offsets without a name. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Pacific/Chatham',
  '+14:00',
  '-12:00',
  '+05:45',
  '+01:07',
].map((name) => readTimeZone(name) ?? name);
/** Nights in which clocks change somewhere: 2026 in Europe, North America, Australia, and a night of nothing. */
const changes = [
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-03-08T10:00:00Z',
  '2026-11-01T09:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-10-03T15:30:00Z',
  '2026-07-15T00:00:00Z',
].map((text) => Date.parse(text));

const moments = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -36 * 3_600, max: 36 * 3_600 }))
  .map(([change, seconds]) => new Date(change + seconds * 1_000));
const anyHours = fc
  .tuple(fc.integer({ min: 0, max: 22 }), fc.integer({ min: 2, max: 24 }))
  .filter(([from, to]) => to - from >= 2)
  .map(([from, to]): HolderHours => ({ ...standard, from, to }));
const lent = fc.integer({ min: 1, max: 60 });

function isDay(zone: string, hours: HolderHours, atMs: number): boolean {
  const hour = localHour(zone, new Date(atMs));
  return hour >= hours.from && hour < hours.to;
}

describe('the hours of a holder', () => {
  test('a permit that may begin now ends while it is still day there, also in a night in which clocks change', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyHours, moments, lent, (zone, hours, now, seconds) => {
        if (opensAt(zone, hours, now, seconds) !== null) return;
        for (let second = 0; second <= seconds; second += 1)
          expect(isDay(zone, hours, now.getTime() + second * 1_000)).toBe(true);
      }),
      { seed, numRuns: 3_000 },
    );
  });

  test('whoever waits is due at the very second in which the day begins there, and no day is slept through', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyHours, moments, lent, (zone, hours, now, seconds) => {
        const opens = opensAt(zone, hours, now, seconds)?.getTime();
        if (opens === undefined) return;
        expect(opens).toBeGreaterThan(now.getTime());
        expect(isDay(zone, hours, opens)).toBe(true);
        expect(isDay(zone, hours, opens - 1_000)).toBe(false);
        expect(opensAt(zone, hours, new Date(opens), seconds)).toBeNull();
        for (let at = now.getTime() + seconds * 1_000; at < opens; at += 5 * 60_000)
          expect(isDay(zone, hours, at)).toBe(false);
        // One change of the clocks at most lies in between.
        expect(opens - now.getTime()).toBeLessThanOrEqual((longestNightHours(hours) + 1) * hourMs + seconds * 1_000);
      }),
      { seed, numRuns: 3_000 },
    );
  });

  test('the morning after the clocks went forward or back begins at 8 on the wall, not at 7 or 9', () => {
    const morning = (zone: string, evening: string): string | undefined =>
      opensAt(zone, standard, new Date(evening), 10)?.toISOString();
    expect(morning('Europe/Berlin', '2026-03-28T22:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
    expect(morning('Europe/Berlin', '2026-10-24T22:00:00Z')).toBe('2026-10-25T07:00:00.000Z');
    expect(morning('America/New_York', '2026-03-08T04:00:00Z')).toBe('2026-03-08T12:00:00.000Z');
    expect(morning('America/New_York', '2026-11-01T04:00:00Z')).toBe('2026-11-01T13:00:00.000Z');
  });

  test('either side of the date line has its own day', () => {
    const noonInKiritimati = new Date('2026-06-01T22:00:00Z');
    expect(opensAt('Pacific/Kiritimati', standard, noonInKiritimati, 10)).toBeNull();
    expect(opensAt('Pacific/Pago_Pago', standard, noonInKiritimati, 10)).toBeNull();
    const nightInBoth = new Date('2026-06-01T10:00:00Z');
    expect(opensAt('Pacific/Kiritimati', standard, nightInBoth, 10)?.toISOString()).toBe('2026-06-01T18:00:00.000Z');
    expect(opensAt('Pacific/Pago_Pago', standard, nightInBoth, 10)?.toISOString()).toBe('2026-06-01T19:00:00.000Z');
  });

  test('the last seconds of a day are not lent: nobody is told at nine in the evening', () => {
    expect(opensAt('UTC', standard, new Date('2026-06-01T20:59:49Z'), 10)).toBeNull();
    expect(opensAt('UTC', standard, new Date('2026-06-01T20:59:50Z'), 10)?.toISOString()).toBe(
      '2026-06-02T08:00:00.000Z',
    );
    expect(opensAt('UTC', standard, new Date('2026-06-02T07:59:59Z'), 10)?.toISOString()).toBe(
      '2026-06-02T08:00:00.000Z',
    );
    expect(opensAt('UTC', standard, new Date('2026-06-02T08:00:00Z'), 10)).toBeNull();
  });

  test('from 0 to 24 nobody ever waits', () => {
    const any = { ...standard, from: 0, to: 24 };
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, lent, (zone, now, seconds) => {
        expect(opensAt(zone, any, now, seconds)).toBeNull();
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('the waves that wait for hours', () => {
  test('are all from the first of 500 on, a small last one among them, and none before', () => {
    expect(heldFromOrdinal([10, 60, 560, 2_560], standardLimits.holderHours)).toBe(60);
    expect(heldFromOrdinal([10, 60, 560, 600], standardLimits.holderHours)).toBe(60);
    expect(heldFromOrdinal([500], standardLimits.holderHours)).toBe(0);
    expect(heldFromOrdinal([10, 60, 559], standardLimits.holderHours)).toBeNull();
    expect(heldFromOrdinal([], standardLimits.holderHours)).toBeNull();
    expect(heldFromOrdinal([10, 60, 560], null)).toBeNull();
  });
});

describe('what a directory says of a time zone', () => {
  test('is a name that the zone data know or an offset that is on earth, and nothing is guessed from the rest', () => {
    expect(readTimeZone('europe/berlin')).toBe('Europe/Berlin');
    expect(['+05:30', '-12:00', '+14:00'].map(readTimeZone)).toEqual(['+05:30', '-12:00', '+14:00']);
    const broken = ['', ' ', 'Local', 'Mars/Olympus', '+14:01', '-12:01', '+05:60', '+0530', '5', '330', 'GMT+5'];
    const odd = [
      'Eastern Time (US & Canada)',
      'Europe/Berlin\n',
      '../../etc/passwd',
      'Z',
      '−05:00',
      'x'.repeat(100_000),
    ];
    expect([...broken, ...odd].map(readTimeZone).filter((zone) => zone !== null)).toEqual([]);
  });

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const zone = readTimeZone(text);
        if (zone !== null) expect(localHour(zone, new Date(0))).toBeLessThan(24);
      }),
      { seed, numRuns: 2_000 },
    );
  });
});
