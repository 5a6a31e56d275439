import type { Answer } from '../api/routes.ts';

type Status = Answer<'get /api/v1/rollouts/{subject}'>;
export type Moving = Pick<Status['tracks'][number], 'track' | 'phase' | 'inFlight'>;

/** What a plan does to people. Its other tracks are letters, which are sent because it was halted. */
function actsOnPeople({ track }: Moving): boolean {
  return track === 'contain' || track === 'tell';
}

/** Somebody has to halt it before anything can be put right. A letter that is on its way is nothing to halt. */
export function mayStillAct(tracks: readonly Moving[]): boolean {
  return tracks.some((one) => actsOnPeople(one) && one.phase === 'running');
}

/** Halted or finished on every track that can act on people, and nothing in flight: now it can be judged what was done. */
export function isAtRest(tracks: readonly Moving[]): boolean {
  return !mayStillAct(tracks) && tracks.every((one) => !actsOnPeople(one) || one.inFlight === 0);
}

/** Letters that leave just now. The server draws up no retraction meanwhile: whoever gets one is owed another. */
export function lettersUnderWay(tracks: readonly Moving[]): readonly string[] {
  return tracks
    .filter((one) => !actsOnPeople(one) && (one.phase === 'running' || one.inFlight > 0))
    .map(({ track }) => track);
}
