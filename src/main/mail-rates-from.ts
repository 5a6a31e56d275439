import type { Config } from '../config/config.ts';
import type { MailRates } from '../domain/rate/mail-rates.ts';
import { readDomainRates, readLimits, readProviderRates } from '../domain/rate/read-rates.ts';
import { tightest } from '../domain/rate/rate-limit.ts';
import type { RateLimit } from '../domain/rate/rate-limit.ts';

/** The rates that the configuration names. The quota of a day is one of them. */
export function mailRatesFrom(
  config: Pick<
    Config,
    'mailRate' | 'mailQuotaPerDay' | 'mailRateEachDomain' | 'mailRateDomains' | 'mailRateProviders' | 'mailRateReserve'
  >,
): MailRates {
  const { mailRate, mailQuotaPerDay, mailRateEachDomain, mailRateDomains, mailRateProviders } = config;
  const quota: readonly RateLimit[] =
    mailQuotaPerDay === null ? [] : [{ messages: mailQuotaPerDay, windowSeconds: 86_400 }];
  return {
    all: tightest([...limitsOf(mailRate), ...quota]),
    eachDomain: limitsOf(mailRateEachDomain),
    domains: mailRateDomains === null ? [] : (readDomainRates(mailRateDomains) ?? []),
    providers: mailRateProviders === null ? [] : (readProviderRates(mailRateProviders) ?? []),
    reserve: config.mailRateReserve,
  };
}

/** What cannot be read was refused when the configuration was loaded. */
function limitsOf(text: string | null): readonly RateLimit[] {
  return text === null ? [] : (readLimits(text) ?? []);
}
