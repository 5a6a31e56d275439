import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import type { VariantSample } from '../../domain/guardrail/judge-content.ts';
import type { AccountId, AppealId, Digest, NoticeNumber } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { HaltPeriod } from '../../domain/rollout/halt-period.ts';
import type { Permit } from '../../domain/rollout/permit.ts';
import type { HeldVerdict } from '../../domain/rollout/held-verdict.ts';
import type { TrackPhase, TrackState } from '../../domain/rollout/track-state.ts';

export interface RolloutRow {
  readonly no: number;
  readonly kind: 'plan' | 'retraction';
  readonly subjectNo: number;
  readonly digest: Digest;
  readonly codeVersion: string;
  readonly startedAt: Date;
}

export interface StoredTrack extends TrackState {
  readonly rolloutNo: number;
  readonly haltedAt: Date | null;
  readonly haltedBy: string | null;
  /** Verdicts that two people saw and went on over. */
  readonly acknowledged: readonly HeldVerdict[];
}

export interface NewTrack {
  readonly track: Track;
  readonly members: number;
  readonly waveEnds: readonly number[];
  readonly soakSeconds: readonly number[];
}

/** A permit row as others see it: who holds the range, and its outcome vector. */
export interface PermitRow extends Permit {
  readonly state: 'open' | 'returned' | 'settled';
  readonly holder: string;
  readonly host: string;
  /** When its present outcomes were recorded; null while it is open. */
  readonly settledAt: Date | null;
  /** Until when it waits for the hours of its people; null where it does not. Nobody holds it meanwhile. */
  readonly heldUntil: Date | null;
}

/** A range of the track `tell` that may be taken next. */
/** Whose clock it is by, when a permit is lent. */
export interface HourAsker {
  /** Of `HostClock`. */
  readonly bootId: string;
  readonly askedAtMs: number;
  readonly wallMs: number;
}

/** A permit that was lent by another boot. */
export interface LentElsewhere {
  readonly no: number;
  readonly people: number;
}

export interface RangeToTake {
  readonly fromOrdinal: number;
  readonly size: number;
  readonly wave: number;
  /** 0 where it was never taken. */
  readonly attempt: number;
  readonly outcome: Uint8Array;
}

/** Ranges that wait for the hours of their people: each is of one time zone, and is taken whole or held whole. */
export interface HoursOfRanges {
  /** Ranges from this ordinal on. */
  readonly fromOrdinal: number;
  readonly defaultZone: string;
  /** Asked before a range is taken, in the same transaction: null to take it, or until when it is held. */
  readonly holdUntil: (range: RangeToTake) => Promise<Date | null>;
  /** Told of each range that is held now. */
  readonly onHeld: (range: RangeToTake, until: Date) => Promise<void>;
}

/**
 * A range as readers see it: `outcome` holds what was said of its mails later too. Never to be written back, for the
 * vector that the ledger digested is `settledOutcome`.
 */
export interface ReadRange extends PermitRow {
  readonly settledOutcome: Uint8Array;
}

export interface OutcomeNote {
  readonly ordinal: number;
  readonly attempt: number;
  readonly state: string;
  readonly note: string;
  /** Of a refusal: what it was about. */
  readonly class?: BounceClass;
}

/** A mail's recipient on a track: the plan's target, and for later letters the letter itself. */
export interface MailMember {
  readonly ordinal: number;
  readonly accountId: AccountId;
  readonly planNo: number;
  readonly planOrdinal: number;
  readonly address: string | null;
  readonly language: string | null;
  readonly evidenceNos: readonly number[];
  readonly noticeNumber: string;
  readonly templateKind: string;
  readonly conditional: boolean;
}

export interface NewLetter {
  readonly accountId: AccountId;
  readonly planNo: number;
  readonly planOrdinal: number;
  readonly templateKind: string;
  readonly conditional: boolean;
  readonly noticeNumber: string;
}

export interface StoredDispute {
  readonly noticeNumber: string;
  readonly track: Track;
  readonly ordinal: number;
  readonly counted: boolean;
  readonly pressedAt: Date;
}

/** A dispute as it is read by people: whose account, and what they wrote. */
export interface ListedDispute extends Pick<StoredDispute, 'track' | 'counted' | 'pressedAt'> {
  readonly noticeNumber: NoticeNumber;
  readonly accountId: AccountId;
  /** Of the newest appeal about the same notice; null where its holder wrote none, or they were erased. */
  readonly words: string | null;
  readonly appeal: AppealId | null;
}

/** Accounts of one lane that are contained now and that no notice can have reached. */
export interface UntoldTally {
  readonly lane: string;
  /** Whether the plan means to tell them; the others are in a lane with an owner and a clock of its own. */
  readonly meantToBeTold: boolean;
  readonly count: number;
  readonly oldestContainedAt: Date | null;
}

export interface RolloutStore {
  /** Held until the transaction ends. Takers of permits share it; HALT and resume take it alone. */
  lockShared(rolloutNo: number): Promise<void>;
  /** As HALT: waits `timeoutMs`, then ends the backends that hold it and waits once more. */
  lockAlone(rolloutNo: number, timeoutMs: number): Promise<void>;
  /**
   * Ends the sessions that have held rows of the tracks, or the head of a ledger chain, for longer than any use case does; how many.
   * One of a mightier role stays: `Failure('database-unavailable')` names its process.
   */
  endLockHolders(): Promise<number>;
  /** False when another worker is advancing this rollout now. */
  tryLockAdvance(rolloutNo: number): Promise<boolean>;
  now(): Promise<Date>;

  create(rollout: Omit<RolloutRow, 'no' | 'startedAt'> & { readonly startedByNo: number }): Promise<number>;
  find(kind: 'plan' | 'retraction', subjectNo: number): Promise<RolloutRow | null>;
  read(rolloutNo: number): Promise<RolloutRow | null>;
  /** Rollouts with a running or halted track or an open permit, oldest first. */
  unfinished(): Promise<readonly RolloutRow[]>;
  /** Newest first, those before `before`; null from the newest. */
  page(limit: number, before: number | null): Promise<readonly RolloutRow[]>;
  anyEverStarted(): Promise<boolean>;

  addTrack(rolloutNo: number, track: NewTrack): Promise<void>;
  tracks(rolloutNo: number): Promise<readonly StoredTrack[]>;
  openWave(rolloutNo: number, track: Track, openTo: number): Promise<void>;
  markWaveSettled(rolloutNo: number, track: Track): Promise<void>;
  setReasons(rolloutNo: number, track: Track, reasons: readonly string[]): Promise<void>;
  setPhase(rolloutNo: number, track: Track, phase: TrackPhase, reasons: readonly string[]): Promise<void>;
  /**
   * Phase halted, epoch + 1. `again` stood halted already: their epoch moves too, so that no yes to resuming the state
   * before counts for this one.
   */
  haltTracks(
    rolloutNo: number,
    tracks: readonly Track[],
    by: string,
    reasons: readonly string[],
  ): Promise<{ readonly halted: readonly StoredTrack[]; readonly again: readonly StoredTrack[] }>;
  /** Phase running again, the soak and the deadlines moved by the length of the halt. */
  /** Until the transaction ends nothing in it waits longer for a lock: `Failure('database-unavailable')`. */
  boundLockWaits(timeoutMs: number): Promise<void>;
  /**
   * Marks finished tracks, so that what mail servers still hold of them stands halted; under a new epoch, so that no earlier yes
   * resumes it. Those that it marked anew.
   */
  haltQueues(rolloutNo: number, finished: readonly Track[], by: string): Promise<readonly StoredTrack[]>;
  /** Takes those marks away. Those that had one. */
  resumeQueues(rolloutNo: number): Promise<readonly Track[]>;
  /** Rollouts with a finished track whose last wave was settled within so many seconds, or that is marked; newest first, at most 1,000. */
  finishedWithin(seconds: number): Promise<readonly RolloutRow[]>;
  resumeTracks(rolloutNo: number, tracks: readonly Track[]): Promise<void>;
  /** When the track stood halted, in order. */
  haltPeriods(rolloutNo: number, track: Track): Promise<readonly HaltPeriod[]>;
  /** Adds to what two people went on over, each verdict to its own track. */
  acknowledge(rolloutNo: number, verdicts: readonly HeldVerdict[]): Promise<void>;

  /** A returned range that is due, or the next range of the open wave; null when there is none. Marks its members claimed. */
  takePermit(take: {
    readonly rolloutNo: number;
    readonly track: Track;
    readonly epoch: number;
    readonly wave: number;
    readonly size: number;
    readonly seconds: number;
    readonly holder: string;
    readonly host: string;
    readonly claimable: readonly number[];
    readonly claimed: number;
    /** Absent: ranges are taken at any hour. */
    readonly hours?: HoursOfRanges;
  }): Promise<Permit | null>;
  /** Until the transaction ends nobody else lends of this rollout's hour. */
  lockHour(rolloutNo: number): Promise<void>;
  /** People for whom permits of notices were lent within so many seconds, by the database's clock: to be shown. */
  lentWithin(rolloutNo: number, seconds: number): Promise<number>;
  /**
   * What may still count, lent at most `countsForMs` ago for all that clocks prove to the asker: on its own boot by the clock of
   * that boot, of another boot by the database's clock and the asker's on the wall together, with two minutes' doubt.
   */
  lentForHour(
    rolloutNo: number,
    asker: HourAsker,
    countsForMs: number,
  ): Promise<{ readonly here: number; readonly elsewhere: readonly LentElsewhere[] }>;
  /** Notes one more permit, and forgets those of this rollout that were proved older than a day. */
  noteLent(rolloutNo: number, people: number, asker: HourAsker): Promise<void>;
  /** Of a range of the track `tell` that is of one zone: the zone as frozen, and who of it waits longest, contained and untold. */
  tellRangeFacts(
    rolloutNo: number,
    from: number,
    size: number,
  ): Promise<{ readonly timeZone: string | null; readonly oldestContainedAt: Date | null }>;
  /** False when the range was taken from this holder meanwhile (another attempt): then nothing was written. */
  settlePermit(settle: {
    readonly permit: Pick<Permit, 'rolloutNo' | 'track' | 'fromOrdinal' | 'attempt'>;
    readonly outcome: Uint8Array;
    /** This claim counts against its range. */
    readonly isTry: boolean;
    readonly state: 'returned' | 'settled';
    readonly dueInSeconds: number;
    readonly notes: readonly OutcomeNote[];
  }): Promise<boolean>;
  /** How many claims of the range count against it so far. */
  triesOf(range: Pick<Permit, 'rolloutNo' | 'track' | 'fromOrdinal'>): Promise<number>;
  /** Open permits whose time is up by `graceSeconds`, locked for this transaction, at most `limit`. */
  expiredPermits(graceSeconds: number, limit: number): Promise<readonly PermitRow[]>;
  /** Every permit row of a track, in order. */
  permits(rolloutNo: number, track: Track): Promise<readonly ReadRange[]>;
  /** The permit row that covers an ordinal. */
  permitAt(rolloutNo: number, track: Track, ordinal: number): Promise<ReadRange | null>;
  /** How often each member of the range was deferred under earlier attempts; none is left out of the map. */
  deferralsOf(
    permit: Pick<Permit, 'rolloutNo' | 'track' | 'fromOrdinal' | 'size' | 'attempt'>,
  ): Promise<ReadonlyMap<number, number>>;
  notesOf(rolloutNo: number, track: Track, ordinal: number): Promise<readonly (OutcomeNote & { readonly at: Date })[]>;

  /** Members of a mail track by ordinal range, in order. */
  mailMembers(rolloutNo: number, track: Track, from: number, size: number): Promise<readonly MailMember[]>;
  /** Adds to what is known of the track's mails: one row per variant. */
  addMailSamples(rolloutNo: number, track: Track, samples: readonly VariantSample[]): Promise<void>;
  mailSamples(rolloutNo: number, track: Track): Promise<readonly VariantSample[]>;
  addLetters(rolloutNo: number, track: Track, letters: readonly NewLetter[]): Promise<number>;
  /** Where a notice number points, of a plan's notice or of a later letter. */
  findNotice(
    noticeNumber: string,
  ): Promise<{ readonly rolloutNo: number; readonly track: Track; readonly ordinal: number } | null>;
  /** Letters written to an account, newest first. */
  lettersOf(
    accountId: AccountId,
  ): Promise<readonly (MailMember & { readonly rolloutNo: number; readonly track: Track })[]>;

  /** False when this notice was disputed before. */
  addDispute(dispute: {
    readonly noticeNumber: string;
    readonly rolloutNo: number;
    readonly track: Track;
    readonly ordinal: number;
    readonly counted: boolean;
  }): Promise<boolean>;
  disputes(rolloutNo: number): Promise<readonly StoredDispute[]>;
  /** Newest first, those after the dispute of a notice; null from the newest. */
  listDisputes(rolloutNo: number, limit: number, after: NoticeNumber | null): Promise<readonly ListedDispute[]>;
  disputeOf(noticeNumber: string): Promise<StoredDispute | null>;
  /**
   * Of a plan's rollout: who is contained and untold, by lane. `untold` are the delivery bytes that prove it, of the
   * notice and of the late letter alike. Reads every outcome of the rollout: 1.8 s for 500,000 members (November 2026,
   * two busy cores).
   */
  containedUntold(
    rolloutNo: number,
    bytes: { readonly contained: number; readonly untold: readonly number[] },
  ): Promise<readonly UntoldTally[]>;

  beatSensor(name: string): Promise<void>;
  /** Seconds since the sensor was last heard, by the database's clock; null when it never was. */
  sensorAgeSeconds(name: string): Promise<number | null>;
  /** Says that the worker is there; answers how many are, by the last ten seconds. */
  beatWorker(worker: {
    readonly id: string;
    readonly host: string;
    readonly pid: number;
    readonly codeVersion: string;
    /** Why it hands over no mail now; null while it does. */
    readonly mailHold: string | null;
  }): Promise<number>;
  /** Why workers heard in the last seconds hand over no mail, with how many of them; none while all do. */
  mailHolds(): Promise<readonly { readonly why: string; readonly workers: number }[]>;
}
