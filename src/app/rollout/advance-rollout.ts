import { decideNextStep, wavesPassed } from '../../domain/rollout/decide-next-step.ts';
import type { GateVerdict, NextStep } from '../../domain/rollout/decide-next-step.ts';
import type { WavePlan } from '../../domain/plan/waves.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { subjectOf } from './halt-rollout.ts';
import type { SoakWatch } from './soak-watch.ts';
import { tallyTrack } from './tally-track.ts';
import type { CountedTrack } from './tally-track.ts';

export interface AdvanceDeps {
  readonly store: Store;
  readonly soaks: SoakWatch;
  /** The waves frozen with the plan; null for the tracks that are not interlocked. */
  readonly wavesOf: (tx: Tx, rollout: RolloutRow) => Promise<WavePlan | null>;
  /** The notices of a wave of a plan are out. */
  readonly noteTold: (tx: Tx, rollout: RolloutRow, wave: number) => Promise<void>;
  /** What the gates say of one track now. */
  readonly judge: (
    tx: Tx,
    rollout: RolloutRow,
    track: StoredTrack,
    tally: CountedTrack,
  ) => Promise<readonly GateVerdict[]>;
}

/** One track as it was found, with what its gates say. */
interface Look {
  readonly track: StoredTrack;
  readonly tally: CountedTrack;
  readonly verdicts: readonly GateVerdict[];
}

/** A gate's decision to halt; the caller carries it out by `haltRollout`, outside this transaction. */
export interface AdvanceResult {
  readonly halt: { readonly track: Track; readonly reasons: readonly string[] } | null;
  /** Whether anything was written: then it is worth looking again at once. */
  readonly moved: boolean;
}

/**
 * Loads stored truth, lets `decideNextStep` compute the next state of each track, and writes it once with its ledger
 * entry. Any number of workers may call it; one at a time advances a rollout.
 */
export async function advanceRollout(deps: AdvanceDeps, rolloutNo: number): Promise<AdvanceResult> {
  return deps.store.transact(async (tx) => {
    if (!(await tx.rollouts.tryLockAdvance(rolloutNo))) return { halt: null, moved: false };
    await tx.rollouts.lockShared(rolloutNo);
    const rollout = await tx.rollouts.read(rolloutNo);
    if (rollout === null) return { halt: null, moved: false };
    const tracks = await tx.rollouts.tracks(rolloutNo);
    if (!tracks.some((track) => track.phase === 'running')) return { halt: null, moved: false };

    const now = await tx.rollouts.now();
    const waves = await deps.wavesOf(tx, rollout);
    const looks = new Map<Track, Look>();
    for (const track of tracks) {
      const tally = tallyTrack(track, await tx.rollouts.permits(rolloutNo, track.track));
      const verdicts = track.phase === 'finished' ? [] : await deps.judge(tx, rollout, track, tally);
      looks.set(track.track, { track, tally, verdicts });
    }
    const tell = looks.get('tell');
    const interlock = {
      containedBelow: (looks.get('contain') ?? looks.get('restore'))?.tally.settledBelow ?? 0,
      toldWaves:
        tell === undefined ? 0 : wavesPassed(tell.track, tell.verdicts, deps.soaks.soakedUntil(tell.track, now)),
    };
    const steps = [...looks.values()].map((look) => ({
      ...look,
      step: decideNextStep(
        look.track,
        look.tally,
        look.verdicts,
        interlock,
        waves,
        deps.soaks.soakedUntil(look.track, now),
      ),
    }));
    // One gate that failed keeps every track where it is: nothing is opened on the way to a halt.
    for (const { track, step } of steps) {
      if (step.kind === 'halt') return { halt: { track: track.track, reasons: step.reasons }, moved: false };
    }
    let moved = false;
    for (const { track, tally, step } of steps) moved = (await write(deps, tx, rollout, track, tally, step)) || moved;
    return { halt: null, moved };
  });
}

async function write(
  deps: AdvanceDeps,
  tx: Tx,
  rollout: RolloutRow,
  track: StoredTrack,
  tally: CountedTrack,
  step: NextStep,
): Promise<boolean> {
  const chain = `rollout:${rollout.no}` as const;
  switch (step.kind) {
    case 'open-wave':
      await tx.rollouts.openWave(rollout.no, track.track, step.openTo);
      await tx.ledger.append({
        chain,
        event: 'track.wave-opened',
        body: { track: track.track, wave: step.wave + 1, openTo: step.openTo, epoch: track.epoch },
      });
      return true;
    case 'settle-wave':
      await tx.rollouts.markWaveSettled(rollout.no, track.track);
      if (track.track === 'tell') await deps.noteTold(tx, rollout, track.wavesOpened);
      await tx.ledger.append({
        chain,
        event: 'track.wave-finished',
        body: { track: track.track, wave: track.wavesOpened, counts: tally.counts },
      });
      return true;
    case 'finish':
      await tx.rollouts.setPhase(rollout.no, track.track, 'finished', []);
      await tx.ledger.append({
        chain: 'installation',
        event: 'rollout.finished',
        body: { subject: subjectOf(rollout), track: track.track, counts: tally.counts },
      });
      return true;
    case 'hold':
      if (sameReasons(track.reasons, step.reasons)) return false;
      await tx.rollouts.setReasons(rollout.no, track.track, step.reasons);
      return false;
    case 'wait':
    case 'halt':
    case 'none':
      return false;
  }
}

function sameReasons(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((reason, index) => reason === b[index]);
}
