import type { RestorePointId } from '../../domain/action/restore-point.ts';
import type { RecoveryWay } from '../../domain/recovery/choose-way.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { HolderMailOutcome } from './holder-mailer.ts';

export interface NewRecovery {
  readonly restorePoint: RestorePointId;
  readonly plan: PlanId;
  readonly directory: string;
  readonly accountId: AccountId;
  readonly way: RecoveryWay;
  readonly browserHash: string;
  readonly networkHash: string;
  readonly codeHash: string;
  readonly codeMinutes: number;
}

/** One code, and what came of it. */
export interface Recovery extends Omit<NewRecovery, 'codeMinutes'> {
  readonly no: number;
  readonly tries: number;
  /** What the mail server said of the mail that held the code; null while nothing is known. */
  readonly mail: HolderMailOutcome | null;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly typedAt: Date | null;
  readonly opensAt: Date | null;
  readonly windowEndsAt: Date | null;
  /** Of a delayed one: when everybody who may be the holder had been told that it waits. */
  readonly warnedAt: Date | null;
  readonly settingAt: Date | null;
  readonly revokedAt: Date | null;
  readonly doneAt: Date | null;
}

/** People of one wave: contained, and how far those of them came that asked for a code of ours. */
export interface WaveRecoveries {
  /** 1 for the first. */
  readonly wave: number;
  readonly contained: number;
  readonly asked: number;
  readonly typed: number;
  readonly done: number;
}

/** Codes and windows of hosted recovery. Times are the database's own. */
export interface RecoveryStore {
  now(): Promise<Date>;
  /** Until the transaction ends, nobody else asks for a code for this account. */
  lockAccount(directory: string, account: AccountId): Promise<void>;
  /** Codes of the last 24 hours, and those of them that this network asked for. */
  countAsked(
    directory: string,
    account: AccountId,
    networkHash: string,
  ): Promise<{ readonly all: number; readonly fromNetwork: number }>;
  add(recovery: NewRecovery): Promise<number>;
  /** Codes that this browser waits for: neither typed nor stopped, asked for last first; locked. At most `limit`. */
  lockWaiting(browserHash: string, limit: number): Promise<readonly Recovery[]>;
  addTry(nos: readonly number[]): Promise<void>;
  noteMail(no: number, outcome: HolderMailOutcome): Promise<void>;
  /** The code was typed: one winner. `waitHours`: until the window opens. */
  openWindow(
    no: number,
    window: {
      readonly windowHash: string;
      readonly revokeHash: string | null;
      readonly waitHours: number;
      readonly openMinutes: number;
    },
  ): Promise<Recovery>;
  byWindow(windowHash: string): Promise<Recovery | null>;
  lockByWindow(windowHash: string): Promise<Recovery | null>;
  lockByRevocation(revokeHash: string): Promise<Recovery | null>;
  noteWarned(no: number): Promise<void>;
  /** False frees the claim. */
  noteSetting(no: number, isSetting: boolean): Promise<void>;
  noteRevoked(no: number): Promise<void>;
  /** Done; every other code and window of the account is over with it. False where it was done already. */
  noteDone(no: number): Promise<boolean>;
  /** One more wrong code now; how many in the last hour, this one included. */
  addMiss(): Promise<number>;
  misses(): Promise<number>;
  /** The longest that a track of the plan stood halted since then, in milliseconds. */
  haltedMs(plan: PlanId, since: Date): Promise<number>;
  /** Newest first, at most `limit`. */
  ofAccount(directory: string, account: AccountId, limit: number): Promise<readonly Recovery[]>;
  byWave(plan: PlanId): Promise<readonly WaveRecoveries[]>;
  /** Notes one answer by mail to this address, unless there were `most` in the last 24 hours already. */
  takeAnswer(addressKey: string, most: number): Promise<boolean>;
}
