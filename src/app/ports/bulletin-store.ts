import type { OperatorId } from '../../domain/shared/ids.ts';

export type BulletinMailState = 'waiting' | 'sending' | 'sent' | 'unknown' | 'refused' | 'given-up';

/** One mail about one entry to one person, taken to be sent now. */
export interface TakenBulletinMail {
  readonly bulletin: number;
  /** Of the entry in the installation's chain. */
  readonly seq: number;
  readonly operatorId: OperatorId;
  /** This one included. */
  readonly tries: number;
}

export interface BulletinStore {
  /**
   * How far the installation's chain was read, locked until the caller's transaction ends. Null before the first time: what was
   * before is nobody's news.
   */
  place(): Promise<number | null>;
  setPlace(seq: number): Promise<void>;
  add(
    entry: { readonly seq: number; readonly event: string; readonly at: Date },
    to: readonly OperatorId[],
  ): Promise<void>;
  /** Due ones, marked as being sent for `seconds`; at most `limit`. Nobody else takes them. */
  take(limit: number, seconds: number): Promise<readonly TakenBulletinMail[]>;
  /** `again`: after so many seconds, where it is to be tried again. */
  settle(
    mail: Pick<TakenBulletinMail, 'bulletin' | 'operatorId'>,
    state: BulletinMailState,
    note: string | null,
    againSeconds: number,
  ): Promise<void>;
  /** Whatever was being sent when its sender ended may have left: it is not sent again. The number of them. */
  closeLost(): Promise<number>;
  /** Whatever waits, where no mail is sent. */
  giveUpAll(note: string): Promise<number>;
  /** Of the last `days`, by state; and how long the oldest one waits. */
  counts(days: number): Promise<{
    readonly byState: Readonly<Partial<Record<BulletinMailState, number>>>;
    readonly oldestWaitingSeconds: number | null;
  }>;
  /** Removes those that are older, at most `limit`; the ledger keeps what they said. */
  forget(days: number, limit: number): Promise<void>;
}
