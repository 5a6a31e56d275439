import type { Track } from '../shared/track.ts';

/** What a halt stops. `all` stops every producer, retractions and corrections too. */
export type HaltScope = 'contain' | 'tell' | 'all';

const stoppedBy: Readonly<Record<HaltScope, readonly Track[]>> = {
  contain: ['contain', 'restore'],
  tell: ['tell', 'holding', 'late', 'correct'],
  all: ['contain', 'tell', 'holding', 'late', 'restore', 'correct'],
};

export function tracksStoppedBy(scope: HaltScope): readonly Track[] {
  return stoppedBy[scope];
}

/** The decision that a resume signs: it names each halted track and the epoch it was halted at, so it fits one halt only. */
export function resumeDecision(halted: readonly { readonly track: Track; readonly epoch: number }[]): string {
  const parts = halted.map((one) => `${one.track}@${one.epoch}`).toSorted();
  return `resume:${parts.join(',')}`;
}
