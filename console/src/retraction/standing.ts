import type { Answer } from '../api/routes.ts';

type Status = Answer<'get /api/v1/rollouts/{subject}'>;

/** Halted or finished on every track that can act on people, and nothing in flight: now it can be judged what was done. */
export function isAtRest(status: Status): boolean {
  return status.tracks.every(
    ({ track, phase, inFlight }) =>
      (phase !== 'running' || !(track === 'contain' || track === 'tell')) && inFlight === 0,
  );
}
