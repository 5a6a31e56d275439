import { sendsMail } from '../shared/track.ts';
import type { Track } from '../shared/track.ts';

interface FinishedOrNot {
  readonly track: Track;
  readonly phase: 'running' | 'halted' | 'finished';
  readonly members: number;
  readonly waveSettledAt: Date | null;
  readonly haltedAt: Date | null;
}

/** Halts that no person asked for: they stop what runs, and leave alone what was over and in doubt with nobody. */
const automaticHalters: readonly string[] = ['server-restart', 'database-behind', 'migrate', 'gate'];

/** Whether whoever halted may have doubted the mails themselves. A word that nobody knows counts as a person's. */
export function isPersonsHalt(by: string): boolean {
  return !automaticHalters.includes(by);
}

/** Whether mails of this finished track may still lie in a mail server's queue: none keeps what was handed over before `earliest`. */
export function mayHaveMailLeft(one: FinishedOrNot, earliest: Date): boolean {
  if (one.phase !== 'finished' || !sendsMail(one.track) || one.members === 0) return false;
  return one.waveSettledAt === null || one.waveSettledAt > earliest;
}

/** It has nothing more to send; what mail servers still hold of it stands halted until people resume it. */
export function isQueueHalted({ phase, haltedAt }: Pick<FinishedOrNot, 'phase' | 'haltedAt'>): boolean {
  return phase === 'finished' && haltedAt !== null;
}
