import type { Decision } from '../approval/approval-statement.ts';
import type { Track } from '../shared/track.ts';
import type { GateVerdict } from './decide-next-step.ts';
import type { TrackState } from './track-state.ts';

/** A verdict that holds or halts one wave of a track now, and that two people may go on over. */
export interface HeldVerdict {
  readonly track: Track;
  /** Counted from 1: how many waves were open. */
  readonly wave: number;
  readonly gate: string;
  /** Why, in one word of the gate's own. */
  readonly cause: string;
  /** How much of it there is: more of it is another verdict. */
  readonly count: number;
}

/**
 * What of a track's verdicts a person could go on over now. A silence counts only once its wave has settled, for until
 * then it holds nothing. Verdicts without a cause are left out: nobody may go on over those.
 */
export function heldVerdicts(track: TrackState, verdicts: readonly GateVerdict[]): readonly HeldVerdict[] {
  if (track.phase === 'finished' || track.wavesOpened === 0) return [];
  return verdicts.flatMap(({ gate, result, cause }): readonly HeldVerdict[] => {
    if (result === 'pass' || cause === undefined) return [];
    if (cause.count === 0 && track.waveSettledAt === null) return [];
    return [{ track: track.track, wave: track.wavesOpened, gate, cause: cause.word, count: cause.count }];
  });
}

/** The verdicts as they weigh after two people went on over some: those pass, for their own wave and up to their own count. */
export function withoutAcknowledged(
  track: TrackState,
  verdicts: readonly GateVerdict[],
  acknowledged: readonly HeldVerdict[],
): readonly GateVerdict[] {
  return verdicts.map((verdict) => {
    const { gate, cause } = verdict;
    if (verdict.result === 'pass' || cause === undefined) return verdict;
    const isCovered = acknowledged.some(
      (one) =>
        one.track === track.track &&
        one.wave === track.wavesOpened &&
        one.gate === gate &&
        one.cause === cause.word &&
        cause.count <= one.count,
    );
    return isCovered
      ? { gate, result: 'pass', reason: `two people went on over this in wave ${track.wavesOpened}: ${verdict.reason}` }
      : verdict;
  });
}

/** The decision that goes on over exactly these verdicts: one more dispute, and a yes to fewer does not fit. */
export function decisionToGoOn(epoch: number, held: readonly HeldVerdict[]): Decision {
  const over = held
    .map((one) => `${one.track}.${one.wave}.${one.gate}.${one.cause}.${one.count}`)
    .toSorted()
    .join('+');
  return `resume-epoch-${epoch}-over-${over}`;
}
