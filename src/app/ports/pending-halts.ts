import type { HaltRequest } from '../../domain/rollout/halt-request.ts';

export interface PendingHalt {
  readonly id: string;
  readonly request: HaltRequest;
}

/**
 * Halts that were asked for on this host and are not yet entered in the database. While there is one, nothing of this host
 * acts, whatever rollout it is about: an intent needs no database to be heard, and is never forgotten for want of one.
 */
export interface PendingHalts {
  /** From its return on nothing of this host acts. Throws where neither the note nor the fence could be written. */
  announce(request: HaltRequest): PendingHalt;
  /** The database knows it now. The host acts again once no other is pending. */
  settle(halt: PendingHalt): void;
  /** Those that nobody can be entering any more, whoever announced them: left behind by a process or a database that went away. */
  leftBehind(): readonly PendingHalt[];
}
