import type { RestorePointId } from '../../domain/action/restore-point.ts';

export interface SeenWorker {
  readonly id: string;
  readonly host: string;
  readonly codeVersion: string;
  readonly silentSeconds: number;
}

/** How the running installation is, for `doctor`. Reads only. */
export interface OperationStore {
  now(): Promise<Date>;
  /** Workers heard within the last so many seconds, the latest first, at most 1,000. */
  workers(withinSeconds: number): Promise<readonly SeenWorker[]>;
  /** Open permits whose time was up that long ago: nobody settled them. */
  overduePermits(graceSeconds: number): Promise<number>;
  /** Mails that a server put off, of ranges that are not settled. */
  deferredMails(): Promise<number>;
  /** Mails whose ranges were settled within the last so many seconds. */
  mailsSettledWithin(seconds: number): Promise<number>;
  /** Passwords sealed and not yet taken, and those held back. */
  openRestorePoints(): Promise<Readonly<Record<'sealed' | 'open', number>>>;
  /** The version of the server that came up last, as its ledger entry says; null before the first. */
  lastServerVersion(): Promise<string | null>;
  /** Fingerprints of the sealing keys under which plans can still be given back, with the number of those plans. */
  sealingKeys(): Promise<readonly { readonly keyId: string; readonly plans: number }[]>;
  /** The newest restore point that can still be opened. */
  newestSealed(): Promise<RestorePointId | null>;
}
