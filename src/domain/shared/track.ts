/**
 * The tracks of a rollout. A plan has `contain` and `tell`; after a halt a person may add `holding` ("we are checking")
 * and `late` (for those contained and untold). A retraction has `restore` and `correct`.
 */
export type Track = 'contain' | 'tell' | 'holding' | 'late' | 'restore' | 'correct';

export const tracks: readonly Track[] = ['contain', 'tell', 'holding', 'late', 'restore', 'correct'];

/** Tracks that carry the plan forward. Drift of code or of a template stops these and no other (I24). */
export function isForward(track: Track): boolean {
  return track === 'contain' || track === 'tell';
}

/** Tracks whose members receive a mail. */
export function sendsMail(track: Track): boolean {
  return track === 'tell' || track === 'holding' || track === 'late' || track === 'correct';
}

/** Tracks of ordinary notices: these wait for a full queue of the mail server, and letters that put something right do not. */
export function isOrdinaryMail(track: Track): boolean {
  return track === 'tell' || track === 'late';
}

export function isTrack(text: string): text is Track {
  return (tracks as readonly string[]).includes(text);
}

/** The letters of a plan need one person only: `correction send` goes on with them, and never with the plan itself. */
export function isResumedByQuorum(track: Track): boolean {
  return isForward(track) || track === 'restore' || track === 'correct';
}
