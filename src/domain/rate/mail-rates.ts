import type { Track } from '../shared/track.ts';
import type { RateLimit } from './rate-limit.ts';

/** How fast mail to holders may leave, over all workers. */
export interface MailRates {
  /** Of all mail: the quota of the provider that we send through. */
  readonly all: readonly RateLimit[];
  /** Of each recipient domain that has none of its own. */
  readonly eachDomain: readonly RateLimit[];
  readonly domains: readonly DomainRate[];
  /** Domains whose mail one receiving provider takes: their mails are counted together, beside those of each domain. */
  readonly providers: readonly ProviderRate[];
  /** Share of each limit that only corrections may use. */
  readonly reserve: number;
}

export interface DomainRate {
  readonly domain: string;
  readonly limits: readonly RateLimit[];
}

export interface ProviderRate {
  readonly name: string;
  readonly domains: readonly string[];
  readonly limits: readonly RateLimit[];
}

/** What messages are counted by. */
export interface RateKey {
  readonly key: string;
  readonly limits: readonly RateLimit[];
}

/** The key of all mail. */
export const allMail = 'all';

/** Every key under which a mail to this domain is counted. `nameOf` names a domain that no one configured without telling it. */
export function keysOfDomain(rates: MailRates, domain: string, nameOf: (domain: string) => string): readonly RateKey[] {
  const own = rates.domains.find((one) => one.domain === domain);
  const keys: RateKey[] = [
    { key: allMail, limits: rates.all },
    own === undefined
      ? { key: `domain:${nameOf(domain)}`, limits: rates.eachDomain }
      : { key: `domain:${domain}`, limits: own.limits },
    ...rates.providers
      .filter((one) => one.domains.includes(domain))
      .map((one) => ({ key: `provider:${one.name}`, limits: one.limits })),
  ];
  return keys.filter((one) => one.limits.length > 0);
}

/** The keys that have a name of their own: what people are shown. */
export function namedKeys(rates: MailRates): readonly RateKey[] {
  return [
    { key: allMail, limits: rates.all },
    ...rates.providers.map((one) => ({ key: `provider:${one.name}`, limits: one.limits })),
    ...rates.domains.map((one) => ({ key: `domain:${one.domain}`, limits: one.limits })),
  ].filter((one) => one.limits.length > 0);
}

export type RateClass = 'ordinary' | 'correction';

/**
 * Who may use the reserve: the letters that put a mistake right, and nobody else. `late` is a first notice to as many
 * people as the plan left untold; it would take the reserve from the correction that may have to follow it.
 */
export function rateClassOf(track: Track): RateClass {
  return track === 'holding' || track === 'correct' ? 'correction' : 'ordinary';
}
