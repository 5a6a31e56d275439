import type { AccountId, BatchId, Digest } from '../shared/ids.ts';

/** What a list holds: leaked pairs, events of the service's own logs, or accounts that a named person reports. */
export type ListClass = 'credentials' | 'observed' | 'reported';

/**
 * How much a piece of evidence says. `verified`: a leaked password works on this account. `observed`: an event of the
 * service's own logs. `reported`: a named person says so. `weak`: only the address was met; it never resets anybody.
 */
export type EvidenceClass = 'verified' | 'observed' | 'reported' | 'weak';

/** Which credential the leaked password worked on: the one in the directory, or the one that a quarantine sealed. */
export type VerifiedAgainst = 'current' | 'restore-point';

/** `outside`: a breach elsewhere. `own`: the service's own logs or its own leak; never called "elsewhere" in a notice. */
export type SourceAuthority = 'outside' | 'own';

/** Why evidence was taken back. Only `source-doubted` leaves a sound verdict standing (it needs a person). */
export const withdrawalCauses = ['wrong-verdict', 'own-export', 'rule-wrong', 'source-doubted'] as const;
export type WithdrawalCause = (typeof withdrawalCauses)[number];

/** `importing` evidence already holds a restore but cannot enter a plan; `abandoned` was withdrawn before its end. */
export type BatchState = 'importing' | 'finished' | 'abandoned';

/**
 * What speaks against a piece of evidence, or kept it from being verified. `passwordless`: a leaked password of an
 * account that has none. `older-than-password`: the event came before the present password was set.
 */
export type Remark = 'passwordless' | 'unknown-scheme' | 'no-restore-point' | 'older-than-password';

export interface Source {
  readonly sourceNo: number;
  readonly name: string;
  readonly authority: SourceAuthority;
  readonly createdAt: Date;
}

/** One stored piece of evidence about one account. `evidenceNo` is what a plan's digest names. */
export interface Evidence {
  readonly evidenceNo: number;
  readonly batch: BatchId;
  readonly source: string;
  readonly authority: SourceAuthority;
  readonly accountId: AccountId;
  readonly class: EvidenceClass;
  readonly state: 'live' | 'withdrawn';
  /** Null while live. */
  readonly cause: WithdrawalCause | null;
  readonly withdrawnAt: Date | null;
  readonly against: VerifiedAgainst | null;
  /** SHA-256 of the stored hash that the leaked password worked on; null unless verified. */
  readonly hashDigest: Digest | null;
  readonly remark: Remark | null;
  readonly eventId: string | null;
  readonly eventAt: Date | null;
  readonly rule: string | null;
  /** The written reason of a reported account. */
  readonly reason: string | null;
  /** The list names the account's own mailbox as well: whoever has it may read its mail. */
  readonly namesMailbox: boolean;
  readonly recordedAt: Date;
}
