import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import type { FeedbackKind, FeedbackSource } from '../../domain/notice/feedback.ts';
import type { Track } from '../../domain/shared/track.ts';

/** One word about one mail, as it was recorded. Holds no address. */
export interface StoredFeedback {
  readonly kind: FeedbackKind;
  /** Of a bounce; null for the others. */
  readonly class: BounceClass | null;
  /** RFC 3463, where the other side gave one. */
  readonly status: string | null;
  readonly source: FeedbackSource;
  readonly providerId: string | null;
  readonly eventAt: Date | null;
  readonly recordedAt: Date;
}

export interface NewFeedback extends Omit<StoredFeedback, 'recordedAt'> {
  readonly noticeNumber: string;
  readonly rolloutNo: number;
  readonly track: Track;
  readonly ordinal: number;
}

/** A member whose state is another than its range's vector says. */
export interface ResolvedOutcome {
  readonly track: string;
  readonly ordinal: number;
  readonly byte: number;
}

/** An address that ordinary notices do not go to any more, named by the notice that failed there. */
export interface Suppression {
  readonly noticeNumber: string;
  readonly reason: string;
  readonly status: string | null;
  readonly suppressedAt: Date;
}

/** Where a page of suppressions ended: also where that very one is let go meanwhile, the next page begins behind it. */
export interface SuppressionPlace {
  /** Since 1970, in microseconds, as Postgres has it. */
  readonly suppressedAtUs: number;
  readonly noticeNumber: string;
}

export interface SuppressionList {
  readonly total: number;
  readonly suppressions: readonly Suppression[];
  /** Where the next page begins; null after the last. */
  readonly next: SuppressionPlace | null;
}

export interface FeedbackStore {
  /** Mails of a rollout that are known to have arrived, and whose state does not say so. */
  arrived(rolloutNo: number): Promise<readonly { readonly track: string; readonly ordinal: number }[]>;
  /** False where it was suppressed already. */
  suppress(suppression: Omit<Suppression, 'suppressedAt'> & { readonly addressKey: string }): Promise<boolean>;
  /** Those of these addresses that are suppressed, at most 1,000 at a time. */
  suppressedAmong(addressKeys: readonly string[]): Promise<ReadonlySet<string>>;
  /** The newest first, at most `limit`, behind `after`. `of`: only that of this notice number. `total` counts every page. */
  suppressions(limit: number, of?: string | null, after?: SuppressionPlace | null): Promise<SuppressionList>;
  /** False where none stands for this notice. */
  unsuppress(noticeNumber: string, by: string): Promise<boolean>;
  /**
   * The member's byte with all that was said of it, its range locked until the transaction ends: a settling or another
   * word about the range waits. Null where no permit ever held it.
   */
  lockMember(rolloutNo: number, track: Track, ordinal: number): Promise<{ readonly byte: number } | null>;
  /** False where a word of this kind about this notice is known. */
  add(feedback: NewFeedback): Promise<boolean>;
  resolve(rolloutNo: number, track: Track, ordinal: number, byte: number): Promise<void>;
  /** Every member of a rollout that a later word moved: a few in a hundred of those told. */
  resolved(rolloutNo: number): Promise<readonly ResolvedOutcome[]>;
  /** In the order in which they were recorded. */
  ofNotice(noticeNumber: string): Promise<readonly StoredFeedback[]>;
  /** Members who wait, or were given up, because their domain refuses our mail as such. */
  heldByPolicy(rolloutNo: number, track: Track): Promise<number>;
  /** Members of a track whose mail was refused in the dialogue or bounced later, by what it was about. */
  bounceClasses(rolloutNo: number, track: Track): Promise<Readonly<Partial<Record<BounceClass, number>>>>;
}
