import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeMailRates } from '../../src/app/notice/mail-rates.ts';
import type { MailRateLeases } from '../../src/app/notice/mail-rates.ts';
import type { RateAsk, RateAsker, RateGrant, RateStore } from '../../src/app/ports/rate-store.ts';
import type { MailRates } from '../../src/domain/rate/mail-rates.ts';
import type { Track } from '../../src/domain/shared/track.ts';

/** A final dot as the world saw it: at the one true time, which no process knows. */
export interface SeenDot {
  readonly atMs: number;
  readonly domain: string;
  readonly track: Track;
}

export interface SimulatedHost {
  readonly bootId: string;
  /** Where its monotonic clock stands at the true time 0, and how much too fast it runs. */
  readonly startMs: number;
  readonly slew: number;
  /** Set by jumps. */
  wallAheadMs: number;
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
  readonly process: SimulatedProcess | null;
}

export interface SimulatedProcess {
  readonly rates: MailRateLeases;
  isDead: boolean;
}

/** Turns of the event loop in which whatever is ready runs; a statement that is under way is waited for besides. */
const turns = 4;

/**
 * One true time that only moves on when nobody has anything left to do, processes with clocks of their own, and the real
 * statement on a real Postgres in between: its answers take as long as the world says.
 */
export class SimulatedWorld {
  readonly dots: SeenDot[] = [];
  trueMs = 0;
  /** Notices that stand before their dot now. */
  standing = 0;
  readonly #store: RateStore;
  readonly #random: () => number;
  readonly #timers: Timer[] = [];
  #underWay = 0;
  #processes = 0;

  constructor(store: RateStore, random: () => number) {
    this.#store = store;
    this.#random = random;
  }

  begin(
    host: SimulatedHost,
    rates: MailRates,
    wrap: (store: RateStore) => RateStore = (store) => store,
  ): SimulatedProcess {
    this.#processes += 1;
    const made: { process?: SimulatedProcess } = {};
    const wait = (ms: number): Promise<void> => this.#wait(ms, made.process ?? null);
    const store = wrap({
      uses: (keys) => this.#store.uses(keys),
      shortDomains: (named) => this.#store.shortDomains(named),
      lease: async (asker, asks) => {
        await wait(this.#random() ** 4 * 60);
        const grants = await this.#leaseNow(asker, asks);
        await wait(this.#random() ** 4 * 60);
        return grants;
      },
    });
    const process: SimulatedProcess = {
      isDead: false,
      rates: makeMailRates({
        rates,
        store,
        clock: {
          bootId: host.bootId,
          monotonicMs: () => host.startMs + this.trueMs * host.slew,
          wallMs: () => 1_700_000_000_000 + this.trueMs + host.wallAheadMs,
        },
        standingMax: 4,
        holder: `worker_${this.#processes}`,
        nameOf: (domain) => domain,
        wait,
        onFailed: (error) => {
          throw error;
        },
      }),
    };
    made.process = process;
    return process;
  }

  /** Sends mails one after another until the true time is up, or the process is dead. */
  send(process: SimulatedProcess, domain: string, track: Track, untilMs: number): void {
    const one = async (): Promise<void> => {
      while (!process.isDead && this.trueMs < untilMs) {
        const seconds = process.rates.secondsUntil(`x@${domain}`, track);
        if (seconds > 0) {
          await this.#wait(Math.min(seconds, 60) * 1_000, process);
          continue;
        }
        const permitEndsMs = this.trueMs + 10_000;
        const turn = await process.rates.begin(`x@${domain}`, track, () => this.trueMs < permitEndsMs);
        if (turn === null) continue;
        await this.#wait(this.#random() ** 3 * 400, process);
        this.standing += track === 'tell' ? 1 : 0;
        await turn.beforeDot?.();
        this.standing -= track === 'tell' ? 1 : 0;
        await this.#wait(this.#random() ** 6 * 30, process);
        if (turn.spend()) this.dots.push({ atMs: this.trueMs, domain, track });
        await this.#wait(this.#random() * 20, process);
        turn.end();
      }
    };
    void one();
  }

  /** Nothing of it runs any more, from one moment to the next. */
  kill(process: SimulatedProcess): void {
    process.isDead = true;
  }

  at(ms: number, run: () => void): void {
    this.#timers.push({ atMs: ms, run, process: null });
  }

  async runUntil(ms: number): Promise<void> {
    for (;;) {
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      while (this.#underWay > 0) await nextTurn();
      let next = -1;
      for (const [index, timer] of this.#timers.entries())
        if (next === -1 || timer.atMs < (this.#timers[next] as Timer).atMs) next = index;
      const timer = this.#timers[next];
      if (timer === undefined || timer.atMs > ms) return;
      this.#timers.splice(next, 1);
      this.trueMs = Math.max(this.trueMs, timer.atMs);
      if (timer.process?.isDead !== true) timer.run();
    }
  }

  #wait(ms: number, process: SimulatedProcess | null): Promise<void> {
    return new Promise((resolve) => this.#timers.push({ atMs: this.trueMs + ms, run: resolve, process }));
  }

  async #leaseNow(asker: RateAsker, asks: readonly RateAsk[]): Promise<readonly RateGrant[]> {
    this.#underWay += 1;
    try {
      return await this.#store.lease(asker, asks);
    } finally {
      this.#underWay -= 1;
    }
  }
}

/** The most dots in any window of so many seconds. */
export function mostInAnyWindow(dots: readonly SeenDot[], windowSeconds: number): number {
  const times = dots.map((dot) => dot.atMs).toSorted((a, b) => a - b);
  let most = 0;
  for (let last = 0, first = 0; last < times.length; last += 1) {
    while ((times[last] as number) - (times[first] as number) >= windowSeconds * 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
