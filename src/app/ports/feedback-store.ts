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

export interface FeedbackStore {
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
  /** Members of a track whose mail was refused in the dialogue or bounced later, by what it was about. */
  bounceClasses(rolloutNo: number, track: Track): Promise<Readonly<Partial<Record<BounceClass, number>>>>;
}
