import { allMail, keysOfDomain, rateClassOf } from '../../domain/rate/mail-rates.ts';
import type { MailRates, RateClass, RateKey } from '../../domain/rate/mail-rates.ts';
import {
  bucketOf,
  countsForMs,
  leaseLifeMs,
  limitsInWords,
  ordinaryMost,
  ordinaryWithin,
} from '../../domain/rate/rate-limit.ts';
import { addSighting, seenUpTo } from '../../domain/rate/sightings.ts';
import type { Sighting } from '../../domain/rate/sightings.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { HostClock, RateAsk, RateGrant, RateStore, UnusedLease } from '../ports/rate-store.ts';

/** A mail is begun for what comes within this; for what takes longer it is left, and its range waits. */
const worthWaitingMs = 1_500;
/** Mails that stand before their dot and have no lease yet: as many as the rate lets out in this time, at least one. */
const aheadSeconds = 2;
/** A mail that stands before its dot is let go of once it is known to take longer: its connection is not worth it. */
const standsAtMostMs = 5_000;
/** What is used up for longer than this is asked for again all the same: somebody may have raised it meanwhile. */
const askAnewMs = 300_000;
/** Leased beyond what waits: what the rate lets out in half the life of a lease, so that fast rates cost few statements. */
const beyondMax = 64;
/** A rate that had too little for those who waited is taken to be short for so long. */
const shortLastsMs = 2_000;
/** Whoever waits looks this often whether it still may. */
const lookMs = 50;
/** Between two requests that leased nothing, at least: four workers then ask 200 times a second at most. */
const askAgainMs = 20;
/** After a request that failed. */
const failedMs = 1_000;
/** Domains whose leases are remembered; beyond, those that nobody waits for are forgotten, which costs a wait. */
const keysMax = 10_000;

export interface MailRatesDeps {
  readonly rates: MailRates;
  readonly store: RateStore;
  readonly clock: HostClock;
  /** Mails of a key under way, where it is short, before a notice is begun: corrections need connections too. */
  readonly standingMax: number;
  /** Names this process among all that lease. */
  readonly holder: string;
  /** Names a domain of people without telling it. */
  readonly nameOf: (domain: string) => string;
  readonly wait: (ms: number) => Promise<void>;
  readonly onFailed: (error: unknown) => void;
}

/** One mail on its way to its dot. */
export interface MailTurn {
  /** Resolves once this mail has a lease, or `mayWait` says no: awaited after everything but the dot is written. */
  readonly beforeDot: (() => Promise<void>) | undefined;
  /** In the tick of the dot: whether a lease is there whose life is not over. It is used up by the answer yes. */
  readonly spend: () => boolean;
  /** The mail is done with: a lease that it did not use goes back. */
  readonly end: () => void;
}

export interface MailRateLeases {
  /** Whole seconds until a mail of this track to this address is worth beginning; 0 now. */
  secondsUntil(address: string, track: Track): number;
  /** Whether a mail that is begun now would stand and wait: others of its permit may go first. */
  wouldWait(address: string, track: Track): boolean;
  /** Waits until not too many are ahead of it; null when `mayWait` said no before. */
  begin(address: string, track: Track, mayWait: () => boolean): Promise<MailTurn | null>;
  /** Why no mail at all of this track is worth beginning now; null while it is. */
  heldBy(track: Track): string | null;
  /** How many mails of a track a permit of so many seconds can hold that all of them can leave; null: any number. */
  mostWithin(track: Track, seconds: number): number | null;
}

interface Lease {
  readonly expiresAtMs: number;
  readonly charges: readonly UnusedLease[];
}

interface KeyState extends RateKey {
  readonly lifeMs: number;
  readonly aheadMax: number;
  readonly beyond: number;
  readonly leases: Readonly<Record<RateClass, Lease[]>>;
  /** Nothing was left for the class; about when there is again. */
  readonly emptyUntilMs: Record<RateClass, number>;
  shortUntilMs: number;
  sightings: readonly Sighting[];
  unused: UnusedLease[];
  /** Mails begun and without a lease. */
  ahead: number;
}

interface Turn {
  readonly keys: readonly KeyState[];
  readonly rateClass: RateClass;
  readonly mayWait: () => boolean;
  readonly resolve: () => void;
  leases: readonly Lease[] | null;
}

const freeTurn: MailTurn = { beforeDot: undefined, spend: () => true, end: () => undefined };

/**
 * What one process may send of each rate. Its mails that stand before their dot are counted, and what they need is leased
 * for all of them in one statement; a lease lives for a moment and is spent in the tick of the dot. What is not used goes
 * back with the next statement, and what cannot be given back is lost: the rate is then lower, never higher.
 */
export function makeMailRates(deps: MailRatesDeps): MailRateLeases {
  const { rates, clock, store, holder } = deps;
  const states = new Map<string, KeyState>();
  const isUnlimited = rates.all.length + rates.eachDomain.length + rates.domains.length + rates.providers.length === 0;
  let waiting: Turn[] = [];
  let asking = false;

  function areEnoughAhead(keys: readonly KeyState[]): boolean {
    const now = clock.monotonicMs();
    return keys.some(({ ahead, aheadMax, shortUntilMs }) => {
      const most = shortUntilMs > now ? Math.min(aheadMax, deps.standingMax) : aheadMax;
      return ahead >= most;
    });
  }

  function stateOf(key: RateKey): KeyState {
    const known = states.get(key.key);
    if (known !== undefined) return known;
    if (states.size >= keysMax)
      for (const [name, state] of states) if (state.ahead === 0 && state.unused.length === 0) states.delete(name);
    const perSecond = (ordinaryWithin(key.limits, rates.reserve, 86_400) ?? 0) / 86_400;
    const lifeMs = leaseLifeMs(key.limits);
    const made: KeyState = {
      ...key,
      lifeMs,
      aheadMax: Math.max(1, Math.ceil(perSecond * aheadSeconds), secondWindowOf(key)),
      beyond: Math.min(beyondMax, Math.floor((perSecond * lifeMs) / 2_000)),
      leases: { ordinary: [], correction: [] },
      emptyUntilMs: { ordinary: 0, correction: 0 },
      shortUntilMs: 0,
      sightings: [],
      unused: [],
      ahead: 0,
    };
    states.set(key.key, made);
    return made;
  }

  function keysOf(address: string): readonly KeyState[] {
    return keysOfDomain(rates, domainOf(address), deps.nameOf).map(stateOf);
  }

  function leftMs(keys: readonly KeyState[], rateClass: RateClass): number {
    return Math.max(0, ...keys.map((key) => key.emptyUntilMs[rateClass] - clock.monotonicMs()));
  }

  /** Hands leases to those who wait, first come first served, each only where all its keys have one. */
  function handOut(): void {
    const now = clock.monotonicMs();
    for (const key of states.values()) dropExpired(key, now);
    waiting = waiting.filter((turn) => {
      if (!turn.mayWait() || leftMs(turn.keys, turn.rateClass) > standsAtMostMs) {
        turn.resolve();
        return false;
      }
      if (turn.keys.some((key) => key.leases[turn.rateClass].length === 0)) return true;
      turn.leases = turn.keys.map((key) => key.leases[turn.rateClass].shift() as Lease);
      turn.resolve();
      return false;
    });
  }

  function asksNow(askedAtMs: number): readonly RateAsk[] {
    const wanted = new Map<KeyState, Record<RateClass, number>>();
    for (const { keys, rateClass } of waiting) {
      // What no one could use, for want of another key, is not leased.
      if (keys.some((key) => key.emptyUntilMs[rateClass] > askedAtMs)) continue;
      for (const key of keys) {
        const wants = wanted.get(key) ?? { ordinary: 0, correction: 0 };
        wants[rateClass] += 1;
        wanted.set(key, wants);
      }
    }
    return [...wanted].flatMap(([key, wants]) => {
      const lacking = Math.max(0, wants.ordinary - key.leases.ordinary.length);
      const ordinary = lacking === 0 ? 0 : lacking + key.beyond;
      const correction = Math.max(0, wants.correction - key.leases.correction.length);
      if (ordinary + correction === 0) return [];
      const unused = key.unused.splice(0);
      return [
        {
          key: key.key,
          ordinary,
          correction,
          newestSeen: key.sightings.at(-1)?.newest ?? 0,
          windows: key.limits.map(({ windowSeconds, messages }) => ({
            windowSeconds,
            most: messages,
            ordinaryMost: ordinaryMost(messages, rates.reserve),
            bucket: bucketOf(windowSeconds, askedAtMs),
            countsForMs: countsForMs(windowSeconds),
            seenUpTo: seenUpTo(key.sightings, askedAtMs, countsForMs(windowSeconds) + key.lifeMs),
          })),
          unused: added(unused),
        },
      ];
    });
  }

  /** One statement for all who wait. False where nothing came of it. */
  async function ask(): Promise<boolean> {
    const askedAtMs = clock.monotonicMs();
    const asks = asksNow(askedAtMs);
    if (asks.length === 0) return false;
    // The shortest life of all that is asked for holds for all of it: nobody sends with one lease and not the other.
    const lifeMs = Math.min(...asks.map((one) => states.get(one.key)?.lifeMs ?? 0));
    const asker = { holder, bootId: clock.bootId, askedAtMs, lifeMs, wallMs: clock.wallMs() };
    const grants = await store.lease(asker, asks);
    for (const grant of grants) take(grant, asks.find((one) => one.key === grant.key) as RateAsk, askedAtMs + lifeMs);
    return grants.some((grant) => grant.ordinary + grant.correction > 0);
  }

  function take(grant: RateGrant, asked: RateAsk, expiresAtMs: number): void {
    const key = states.get(grant.key);
    if (key === undefined) return;
    const heardAtMs = clock.monotonicMs();
    key.sightings = addSighting(key.sightings, { newest: grant.newest, heardAtMs });
    const charges = asked.windows.map(({ windowSeconds, bucket }) => ({ windowSeconds, bucket, messages: 1 }));
    for (const rateClass of ['ordinary', 'correction'] as const) {
      for (let one = 0; one < grant[rateClass]; one += 1) key.leases[rateClass].push({ expiresAtMs, charges });
      if (grant[rateClass] < asked[rateClass]) key.shortUntilMs = heardAtMs + shortLastsMs;
      key.emptyUntilMs[rateClass] =
        grant[rateClass] < asked[rateClass] ? heardAtMs + Math.min(askAnewMs, grant.freeInMs) : 0;
    }
  }

  function dropExpired(key: KeyState, now: number): void {
    for (const leases of Object.values(key.leases))
      while (leases[0] !== undefined && leases[0].expiresAtMs <= now)
        key.unused.push(...(leases.shift()?.charges ?? []));
  }

  /** Runs while anybody waits. */
  async function askForAll(): Promise<void> {
    if (asking) return;
    asking = true;
    try {
      for (handOut(); waiting.length > 0; handOut()) {
        let pauseMs = 0;
        try {
          if (!(await ask())) pauseMs = Math.min(lookMs, Math.max(askAgainMs, soonestMs()));
        } catch (error) {
          deps.onFailed(error);
          await waitLooking(failedMs);
        }
        if (pauseMs > 0) await deps.wait(pauseMs);
      }
    } finally {
      asking = false;
    }
  }

  async function waitLooking(ms: number): Promise<void> {
    for (let waitedMs = 0; waitedMs < ms && waiting.length > 0; waitedMs += lookMs) {
      await deps.wait(lookMs);
      handOut();
    }
  }

  function soonestMs(): number {
    return Math.min(...waiting.map((turn) => leftMs(turn.keys, turn.rateClass)));
  }

  function turnOf(keys: readonly KeyState[], rateClass: RateClass, mayWait: () => boolean): MailTurn {
    let leases: readonly Lease[] | null = null;
    let isAhead = true;
    const noLongerAhead = (): void => {
      if (!isAhead) return;
      isAhead = false;
      for (const key of keys) key.ahead -= 1;
    };
    return {
      async beforeDot() {
        await new Promise<void>((resolve) => {
          const turn: Turn = {
            keys,
            rateClass,
            mayWait,
            leases: null,
            resolve: () => {
              leases = turn.leases;
              resolve();
            },
          };
          waiting.push(turn);
          void askForAll();
        });
      },
      spend() {
        const now = clock.monotonicMs();
        if (leases === null || leases.some((one) => one.expiresAtMs <= now)) return false;
        leases = null;
        noLongerAhead();
        return true;
      },
      end() {
        noLongerAhead();
        for (const [index, lease] of (leases ?? []).entries()) keys[index]?.unused.push(...lease.charges);
        leases = null;
      },
    };
  }

  return {
    secondsUntil(address, track) {
      const keys = keysOf(address);
      const rateClass = rateClassOf(track);
      if (keys.every((key) => key.leases[rateClass].length > 0)) return 0;
      const left = leftMs(keys, rateClass);
      return left <= worthWaitingMs ? 0 : Math.ceil(left / 1_000);
    },

    wouldWait(address, track) {
      if (isUnlimited) return false;
      const now = clock.monotonicMs();
      const rateClass = rateClassOf(track);
      return keysOf(address).some(
        (key) =>
          key.leases[rateClass].length === 0 &&
          (key.emptyUntilMs[rateClass] > now ||
            (key.ahead > 0 && (key.shortUntilMs > now || key.ahead >= key.aheadMax))),
      );
    },

    async begin(address, track, mayWait) {
      const keys = keysOf(address);
      if (keys.length === 0) return freeTurn;
      // Corrections do not wait behind ordinary mails that wait for their own, smaller share.
      const isOrdinary = rateClassOf(track) === 'ordinary';
      while (isOrdinary && areEnoughAhead(keys)) {
        if (!mayWait()) return null;
        await deps.wait(lookMs);
      }
      for (const key of keys) key.ahead += 1;
      return turnOf(keys, rateClassOf(track), mayWait);
    },

    heldBy(track) {
      const all = states.get(allMail);
      if (all === undefined) return null;
      const left = leftMs([all], rateClassOf(track));
      if (left <= worthWaitingMs) return null;
      // Without a figure that counts down: whoever shows it says anew what has changed.
      const who = rateClassOf(track) === 'ordinary' ? 'notices wait' : 'corrections wait';
      return `${who}: the rate of all mail is used up for now (${limitsInWords(rates.all)}); it goes on by itself`;
    },

    mostWithin(track, seconds) {
      const reserve = rateClassOf(track) === 'ordinary' ? rates.reserve : 0;
      return ordinaryWithin(rates.all, reserve, seconds);
    },
  };
}

/** A second's worth may stand before its dot at once. */
function secondWindowOf({ limits }: RateKey): number {
  return limits.find((one) => one.windowSeconds === 1)?.messages ?? 0;
}

function added(unused: readonly UnusedLease[]): readonly UnusedLease[] {
  const sums = new Map<string, UnusedLease>();
  for (const one of unused) {
    const name = `${one.windowSeconds} ${one.bucket}`;
    sums.set(name, { ...one, messages: one.messages + (sums.get(name)?.messages ?? 0) });
  }
  return [...sums.values()];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
