/** One mail of ours that the mail server took and still holds. */
export interface QueuedMail {
  /** The server's own name for it. */
  readonly queueId: string;
  /** `waiting`: about to go out. `deferred`: tried, and tried again later. `on-hold`: stays until somebody lets it go. */
  readonly place: 'waiting' | 'deferred' | 'on-hold';
  /** What the HMAC of its return path vouches for: the sixteen symbols of its notice number. */
  readonly reference: string;
}

export type QueueReading =
  /** `own` lists each mail of ours, `others` counts everybody else's. */
  | { readonly kind: 'read'; readonly own: readonly QueuedMail[]; readonly others: number }
  /** Why its depth is not known, in words of ours. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** The queue of the mail server that this host hands its mails to. */
export interface MailQueue {
  /** Never throws: what cannot be read is unreadable. */
  read(): Promise<QueueReading>;
  /** Null where it may only be read. */
  readonly command: QueueCommand | null;
}

/** Each answers null when it was done, or why not. A mail that has gone meanwhile is no failure, and repeating is harmless. */
export interface QueueCommand {
  hold(queueIds: readonly string[]): Promise<string | null>;
  release(queueIds: readonly string[]): Promise<string | null>;
}
