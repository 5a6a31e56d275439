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

/**
 * The epoch that a resume signs: the sum over the rollout's tracks and how often it was paused. Every halt and every
 * pause adds to it and nothing else does, so a yes to resuming fits one state and no later one.
 */
export function resumeEpoch(tracks: readonly { readonly epoch: number }[], pauses: number): number {
  return tracks.reduce((sum, track) => sum + track.epoch, pauses);
}
