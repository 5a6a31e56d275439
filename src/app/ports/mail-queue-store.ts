import type { Track } from '../../domain/shared/track.ts';

/** How many mails a queue held. */
export interface QueueDepth {
  readonly waiting: number;
  readonly deferred: number;
  readonly onHold: number;
  /** Mails in it that are not ours. */
  readonly others: number;
}

/** What the worker of a host last saw in the queue of its mail server. */
export interface QueueLevel extends QueueDepth {
  /** The folder of its state, which outlives a restart of the machine, as its queue does. */
  readonly host: string;
  /** As people call that machine. */
  readonly hostName: string;
  readonly cap: number;
  /** Whether mails of ours may be put on hold there. */
  readonly commanded: boolean;
  /** Why no ordinary notice is handed over to it now; null where it may. */
  readonly holdReason: string | null;
  /** Why it could not be read at the last look; null where it could. */
  readonly readError: string | null;
  /** Why it did not do what it was told; null where it did. */
  readonly commandError: string | null;
  /**
   * Since when the figures hold; null where they never could be read. What was halted before then was ordered onto hold,
   * and the figures count what came of it.
   */
  readonly readAt: Date | null;
}

export interface NoticeInQueue {
  readonly queueId: string;
  readonly noticeNumber: string;
}

/** A mail that a halt put, or means to put, on hold. */
export interface QueueHold extends NoticeInQueue {
  readonly rolloutNo: number;
  readonly track: Track;
  /** It was seen on hold. */
  readonly isSeen: boolean;
  /** Its track still stands halted, or what is in queues of it does. */
  readonly isHalted: boolean;
}

export interface MailQueueStore {
  /** Replaces what is known of the host but its figures, which stay with their time; none where it is new. */
  note(look: Omit<QueueLevel, keyof QueueDepth | 'readAt'>): Promise<void>;
  /** Replaces the figures of a host that was noted; they hold from the beginning of this transaction. */
  noteDepth(host: string, depth: QueueDepth): Promise<void>;
  /** Queues that were looked at within the last so many seconds, by host, at most 100. */
  levels(withinSeconds: number): Promise<readonly QueueLevel[]>;
  /** Of these mails, those whose track, or what is in queues of it, stands halted now. */
  haltedAmong(
    mails: readonly NoticeInQueue[],
  ): Promise<readonly (NoticeInQueue & { readonly rolloutNo: number; readonly track: Track })[]>;
  /** At most 100,000: as many as a queue is read to. */
  holds(host: string): Promise<readonly QueueHold[]>;
  /** Notes that these are to be put on hold, before anybody is told to. */
  orderHolds(
    host: string,
    mails: readonly (NoticeInQueue & { readonly rolloutNo: number; readonly track: Track })[],
  ): Promise<void>;
  /** Those of them that nobody had seen on hold before. */
  noteSeen(host: string, queueIds: readonly string[]): Promise<readonly string[]>;
  /** Those of them that were there. */
  forgetHolds(host: string, queueIds: readonly string[]): Promise<readonly string[]>;
  /** Mails of a rollout that were seen on hold, over all hosts. */
  countHeld(rolloutNo: number): Promise<number>;
}
