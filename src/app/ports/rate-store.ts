import type { RateWindow } from '../../domain/rate/rate-limit.ts';

/** A clock that all processes of one boot of one machine share, and that nobody sets. */
export interface HostClock {
  /** Names the boot and the clock: times of two processes compare where it is equal, and nowhere else. */
  readonly bootId: string;
  /** Milliseconds; never set back; the time of a suspended machine is not in it. */
  monotonicMs(): number;
  /** Milliseconds of the clock on the wall, as if nobody had set it since this process began. */
  wallMs(): number;
}

/** Messages that were leased and will never be sent: only their holder can say so, and says it once. */
export interface UnusedLease {
  readonly windowSeconds: RateWindow;
  readonly bucket: number;
  readonly messages: number;
}

/** One key that is asked for messages. */
export interface RateAsk {
  readonly key: string;
  readonly ordinary: number;
  readonly correction: number;
  /** The newest lease of the key that this asker knows of: where the database knows of fewer, nothing seen before counts. */
  readonly newestSeen: number;
  readonly windows: readonly {
    readonly windowSeconds: RateWindow;
    /** Leased messages of any window, corrections too, are at most this. */
    readonly most: number;
    /** An ordinary message is leased only where there are fewer than this. */
    readonly ordinaryMost: number;
    readonly bucket: number;
    /** A lease counts until this long after its life. */
    readonly countsForMs: number;
    /** Leases up to this number of the key were seen so long ago that they count no more: -1 for none. */
    readonly seenUpTo: number;
  }[];
  readonly unused: readonly UnusedLease[];
}

export interface RateAsker {
  readonly holder: string;
  readonly bootId: string;
  /** Read before the request. */
  readonly askedAtMs: number;
  /** Until when what is leased now may be sent, on the same clock. */
  readonly lifeMs: number;
  readonly wallMs: number;
}

export interface RateGrant {
  readonly key: string;
  readonly ordinary: number;
  readonly correction: number;
  /** The number of the key's newest lease. */
  readonly newest: number;
  /** About how long until there may be more for ordinary messages; 0 where there is. */
  readonly freeInMs: number;
}

/** What is counted of one key and window now, to be shown. */
export interface RateUse {
  readonly key: string;
  readonly windowSeconds: RateWindow;
  readonly messages: number;
}

/** Never which: a domain with one person in it names that person. */
export interface ShortDomains {
  readonly domains: number;
  /** About how long until the first of them has room again; null where there is none. */
  readonly freeInSeconds: number | null;
}

/** What was leased by whom: in the database, so that it outlives every process. */
export interface RateStore {
  /** One statement: frees what counts no more, leases what there is room for, of all keys. Committed when it answers. */
  lease(asker: RateAsker, asks: readonly RateAsk[]): Promise<readonly RateGrant[]>;
  /** By the database's clock, for people: a clock that jumped shows wrong figures and sends nothing wrong. */
  uses(keys: readonly string[]): Promise<readonly RateUse[]>;
  /**
   * Recipient domains, beside the named keys, that had too little room for what was last asked and have none again yet. By the same
   * clock. No index helps: 31 to 70 ms for 100,000 domains (November 2026, two busy cores).
   */
  shortDomains(named: readonly string[]): Promise<ShortDomains>;
}
