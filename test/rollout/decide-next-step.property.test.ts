import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standardLimits } from '../../src/domain/plan/limits.ts';
import { planWaves } from '../../src/domain/plan/waves.ts';
import type { WavePlan } from '../../src/domain/plan/waves.ts';
import { decideNextStep, wavesPassed } from '../../src/domain/rollout/decide-next-step.ts';
import type { GateVerdict, NextStep } from '../../src/domain/rollout/decide-next-step.ts';
import type { TrackPhase, TrackState, TrackTally } from '../../src/domain/rollout/track-state.ts';
import { tracks } from '../../src/domain/shared/track.ts';

const seed = 2014;
const start = Date.UTC(2026, 10, 3);

const anyVerdict = fc.record({
  gate: fc.constant('a gate'),
  result: fc.constantFrom<GateVerdict['result']>('pass', 'fail', 'inconclusive'),
  reason: fc.constant('a reason'),
});

/** Any state at all, also such as no run would come to. */
const anyState = fc
  .record({
    track: fc.constantFrom(...tracks),
    phase: fc.constantFrom<TrackPhase>('running', 'halted', 'finished'),
    ends: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
    opened: fc.nat(5),
    soak: fc.nat(100),
    settledAt: fc.option(fc.integer({ min: 0, max: 200 })),
  })
  .map(({ track, phase, ends, opened, soak, settledAt }): TrackState => {
    const waveEnds = ends.toSorted((a, b) => a - b);
    const wavesOpened = Math.min(opened, waveEnds.length);
    const openTo = waveEnds[wavesOpened - 1] ?? 0;
    return {
      track,
      phase,
      reasons: [],
      epoch: 1,
      members: waveEnds.at(-1) ?? 0,
      waveEnds,
      soakSeconds: [soak],
      wavesOpened,
      openTo,
      nextOrdinal: openTo,
      waveOpenedAt: null,
      waveSettledAt: settledAt === null ? null : new Date(start + settledAt * 1_000),
    };
  });

const anyTally = fc.record<TrackTally>({
  settled: fc.nat(60),
  openPermits: fc.nat(2),
  inFlight: fc.nat(10),
  settledBelow: fc.nat(60),
});
const anyInterlock = fc.record({ containedBelow: fc.nat(60), toldWaves: fc.nat(5) });
const anyNow = fc.integer({ min: 0, max: 400 }).map((seconds) => new Date(start + seconds * 1_000));
const anyWaves = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 60 })
  .map((tells): WavePlan | null =>
    planWaves(tells, { ...standardLimits, tellWaveSizes: [2, 5], containWaveSizes: [3] }),
  );

const anySituation = fc.tuple(anyState, anyTally, fc.array(anyVerdict), anyInterlock, fc.option(anyWaves), anyNow);

describe('the next step of a track', () => {
  test('is nothing while it is halted or finished, whatever the gates say', () => {
    fc.assert(
      fc.property(anySituation, ([state, tally, verdicts, interlock, waves, now]) => {
        fc.pre(state.phase !== 'running');
        expect(decideNextStep(state, tally, verdicts, interlock, waves, now)).toEqual({ kind: 'none' });
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('is a halt as soon as one gate failed, in every state of a running track', () => {
    fc.assert(
      fc.property(anySituation, ([state, tally, verdicts, interlock, waves, now]) => {
        const running = { ...state, phase: 'running' as const };
        const failed = verdicts.filter((verdict) => verdict.result === 'fail');
        const step = decideNextStep(running, tally, verdicts, interlock, waves, now);
        expect(step.kind === 'halt').toBe(failed.length > 0);
        if (step.kind === 'halt') expect(step.reasons).toHaveLength(failed.length);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test('opens a wave only behind one that is settled, soaked and judged, and only the next one', () => {
    fc.assert(
      fc.property(anySituation, ([state, tally, verdicts, interlock, waves, now]) => {
        const step = decideNextStep(state, tally, verdicts, interlock, waves, now);
        if (step.kind !== 'open-wave') return;
        expect(state.phase).toBe('running');
        expect(step.wave).toBe(state.wavesOpened);
        expect(step.openTo).toBe(state.waveEnds[state.wavesOpened]);
        expect(step.openTo).toBeGreaterThan(state.openTo);
        if (state.wavesOpened > 0) {
          expect(tally.settled).toBeGreaterThanOrEqual(state.openTo);
          expect(tally.openPermits).toBe(0);
          expect(state.waveSettledAt).not.toBeNull();
          const soakMs = (state.soakSeconds[0] ?? 0) * 1_000;
          expect(now.getTime()).toBeGreaterThanOrEqual((state.waveSettledAt?.getTime() ?? Infinity) + soakMs);
          expect(verdicts.every((verdict) => verdict.result === 'pass')).toBe(true);
        }
        if (waves === null) return;
        if (state.track === 'tell')
          expect(interlock.containedBelow).toBeGreaterThanOrEqual(waves.tellNeedsContained[step.wave] ?? 0);
        if (state.track === 'contain')
          expect(interlock.toldWaves).toBeGreaterThanOrEqual(waves.containNeedsTold[step.wave] ?? 0);
      }),
      { seed, numRuns: 5_000 },
    );
  });

  test('is to hold while a gate is unsure, also at the very end', () => {
    fc.assert(
      fc.property(anySituation, ([state, tally, , interlock, waves, now]) => {
        fc.pre(state.wavesOpened > 0);
        const unsure: GateVerdict = { gate: 'a gate', result: 'inconclusive', reason: 'a silent sensor' };
        const running = { ...state, phase: 'running' as const };
        const step = decideNextStep(running, tally, [unsure], interlock, waves, now);
        expect(['hold', 'wait', 'settle-wave']).toContain(step.kind);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test('counts the last moment of a soak as soak, and not the one after', () => {
    const soaked: TrackState = {
      track: 'restore',
      phase: 'running',
      reasons: [],
      epoch: 1,
      members: 3,
      waveEnds: [1, 3],
      soakSeconds: [60],
      wavesOpened: 1,
      openTo: 1,
      nextOrdinal: 1,
      waveOpenedAt: new Date(start),
      waveSettledAt: new Date(start),
    };
    const tally = { settled: 1, openPermits: 0, inFlight: 0, settledBelow: 1 };
    const at = (ms: number): NextStep =>
      decideNextStep(soaked, tally, [], { containedBelow: 0, toldWaves: 0 }, null, new Date(start + ms));
    expect(at(59_999)).toEqual({ kind: 'wait', reason: 'soak', until: new Date(start + 60_000) });
    expect(at(60_000)).toEqual({ kind: 'open-wave', wave: 1, openTo: 3 });
    // A clock that was set back opens nothing early.
    expect(at(-3_600_000).kind).toBe('wait');
  });
});

test('a wave is behind its gate only once it is settled, soaked and judged well', () => {
  fc.assert(
    fc.property(anyState, fc.array(anyVerdict), anyNow, (state, verdicts, now) => {
      const soakMs = (state.soakSeconds[0] ?? 0) * 1_000;
      const isSoaked = state.waveSettledAt !== null && now.getTime() >= state.waveSettledAt.getTime() + soakMs;
      const isJudgedWell = verdicts.every((verdict) => verdict.result === 'pass');
      const running = isSoaked && isJudgedWell ? state.wavesOpened : Math.max(0, state.wavesOpened - 1);
      expect(wavesPassed(state, verdicts, now)).toBe(state.phase === 'finished' ? state.waveEnds.length : running);
    }),
    { seed, numRuns: 1_000 },
  );
});

interface SimTrack {
  state: TrackState;
  settled: number;
  readonly reached: Set<number>;
}

function simTrack(track: 'contain' | 'tell', ends: readonly number[]): SimTrack {
  const members = ends.at(-1) ?? 0;
  const state: TrackState = {
    track,
    phase: members === 0 ? 'finished' : 'running',
    reasons: [],
    epoch: 1,
    members,
    waveEnds: ends,
    soakSeconds: [30],
    wavesOpened: 0,
    openTo: 0,
    nextOrdinal: 0,
    waveOpenedAt: null,
    waveSettledAt: null,
  };
  return { state, settled: 0, reached: new Set() };
}

test('a run with random work, doubts and pauses reaches every member once, in waves, told after contained', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }),
      fc.constantFrom('interlocked' as const, 'contain-first'),
      fc.infiniteStream(fc.nat(99)),
      (tells, order, dice) => {
        const limits = { ...standardLimits, order, tellWaveSizes: [2, 5], containWaveSizes: [3, 4], largestWave: 20 };
        const waves = planWaves(tells, limits);
        const containOf = [...tells.keys()].filter((ordinal) => tells[ordinal]);
        const contain = simTrack('contain', waves.containEnds);
        const tell = simTrack('tell', waves.tellEnds);
        const roll = (): number => dice.next().value as number;
        let now = start;
        for (let turn = 0; turn < 6_000; turn += 1) {
          if (contain.state.phase === 'finished' && tell.state.phase === 'finished') break;
          now += 1_000 * (roll() % 20);
          const sim = roll() % 2 === 0 ? contain : tell;
          const { state } = sim;
          const doubts: GateVerdict[] =
            roll() < 20 ? [{ gate: 'a gate', result: 'inconclusive', reason: 'a silent sensor' }] : [];
          // One range of the open wave, sometimes left open by its worker for a while.
          const openPermits = roll() < 15 && state.phase === 'running' ? 1 : 0;
          const size = Math.min(1 + (roll() % 4), state.openTo - sim.settled);
          for (let each = 0; each < size && state.phase === 'running'; each += 1) {
            expect(sim.reached.has(sim.settled)).toBe(false);
            if (sim === tell) expect(contain.reached.has(containOf[sim.settled] ?? -1)).toBe(true);
            sim.reached.add(sim.settled);
            sim.settled += 1;
          }
          const tally = { settled: sim.settled, openPermits, inFlight: openPermits, settledBelow: sim.settled };
          const interlock = {
            containedBelow: contain.settled,
            toldWaves: wavesPassed(tell.state, sim === tell ? doubts : [], new Date(now)),
          };
          const step = decideNextStep(sim.state, tally, doubts, interlock, waves, new Date(now));
          if (step.kind === 'open-wave') {
            const passed = sim.state.wavesOpened;
            sim.state = { ...state, wavesOpened: passed + 1, openTo: step.openTo, waveSettledAt: null };
          }
          if (step.kind === 'settle-wave') sim.state = { ...state, waveSettledAt: new Date(now) };
          if (step.kind === 'finish') sim.state = { ...state, phase: 'finished' };
          expect(step.kind).not.toBe('halt');
        }
        expect(contain.reached.size).toBe(tells.length);
        expect(tell.reached.size).toBe(containOf.length);
        expect([contain.state.phase, tell.state.phase]).toEqual(['finished', 'finished']);
      },
    ),
    { seed, numRuns: 60 },
  );
});
