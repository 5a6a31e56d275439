import { allMail, namedKeys, rateClassOf } from '../../domain/rate/mail-rates.ts';
import type { MailRates } from '../../domain/rate/mail-rates.ts';
import { ordinaryMost, secondsToSend } from '../../domain/rate/rate-limit.ts';
import type { RateWindow } from '../../domain/rate/rate-limit.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { RateStore } from '../ports/rate-store.ts';

export interface ReadMailRateDeps {
  readonly rates: MailRates;
  readonly store: Pick<RateStore, 'uses' | 'shortDomains'>;
}

/** One limit as it stands: of all mail, of a receiving provider or of a domain that the configuration names. */
export interface RateStanding {
  readonly key: string;
  readonly windowSeconds: RateWindow;
  readonly allowed: number;
  /** Of these, for notices. */
  readonly forNotices: number;
  /** What counts now: leased within the last window, by the database's clock. */
  readonly used: number;
}

/** Each recipient domain that has no rate of its own. */
export interface EachDomainStanding {
  readonly limits: readonly {
    readonly windowSeconds: RateWindow;
    readonly allowed: number;
    readonly forNotices: number;
  }[];
  /** How many of them have no room now for all that was asked. */
  readonly waiting: number;
  /** About when the first of these has room again; null where none waits. */
  readonly freeInSeconds: number | null;
}

export interface MailRateStatus {
  readonly limits: readonly RateStanding[];
  /** Null where no rate is named for each domain. */
  readonly eachDomain?: EachDomainStanding | null;
  /** Until the rest of the rollout can have left, by the rate of all mail alone; waves and soaks come on top. */
  readonly leastSecondsToGo: number;
}

/** How much of each limit is used; none where no limit is named. */
export async function readRateStandings({ rates, store }: ReadMailRateDeps): Promise<readonly RateStanding[]> {
  const keys = namedKeys(rates);
  if (keys.length === 0) return [];
  const uses = await store.uses(keys.map((one) => one.key));
  return keys.flatMap(({ key, limits }) =>
    limits.map(({ messages, windowSeconds }) => ({
      key,
      windowSeconds,
      allowed: messages,
      forNotices: ordinaryMost(messages, rates.reserve),
      used: uses.find((use) => use.key === key && use.windowSeconds === windowSeconds)?.messages ?? 0,
    })),
  );
}

export async function readMailRate(
  deps: ReadMailRateDeps,
  tracks: readonly { readonly track: Track; readonly phase: string; readonly left: number }[],
): Promise<MailRateStatus | null> {
  const limits = await readRateStandings(deps);
  const eachDomain = await readEachDomain(deps);
  if (limits.length === 0 && eachDomain === null) return null;
  const { rates } = deps;
  const open = tracks.filter((one) => sendsMail(one.track) && one.phase !== 'finished');
  const seconds = open.map(({ track, left }) => {
    const reserve = rateClassOf(track) === 'ordinary' ? rates.reserve : 0;
    return Math.max(0, ...rates.all.map((limit) => secondsToSend([limit], reserve, left + usedOf(limits, limit))));
  });
  return { limits, eachDomain, leastSecondsToGo: Math.ceil(Math.max(0, ...seconds)) };
}

async function readEachDomain({ rates, store }: ReadMailRateDeps): Promise<EachDomainStanding | null> {
  if (rates.eachDomain.length === 0) return null;
  const { domains, freeInSeconds } = await store.shortDomains(namedKeys(rates).map((one) => one.key));
  return {
    limits: rates.eachDomain.map(({ messages, windowSeconds }) => ({
      windowSeconds,
      allowed: messages,
      forNotices: ordinaryMost(messages, rates.reserve),
    })),
    waiting: domains,
    freeInSeconds,
  };
}

function usedOf(standings: readonly RateStanding[], { windowSeconds }: { readonly windowSeconds: RateWindow }): number {
  return standings.find((one) => one.key === allMail && one.windowSeconds === windowSeconds)?.used ?? 0;
}
