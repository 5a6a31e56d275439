import type { DomainRate, ProviderRate } from './mail-rates.ts';
import { tightest } from './rate-limit.ts';
import type { RateLimit, RateWindow } from './rate-limit.ts';

const windowOf: Readonly<Record<string, RateWindow>> = { s: 1, min: 60, h: 3_600, d: 86_400 };
const messagesMax = 1_000_000_000;
const domainPattern = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** `14/s 50000/d`: one limit a unit (s, min, h, d); null where it is anything else. */
export function readLimits(text: string): readonly RateLimit[] | null {
  const limits: RateLimit[] = [];
  for (const part of text.trim().split(/\s+/)) {
    const [, digits = '', unit = ''] = /^([0-9]{1,10})\/(s|min|h|d)$/.exec(part) ?? [];
    const windowSeconds = windowOf[unit];
    const messages = Number(digits);
    if (windowSeconds === undefined || messages < 1 || messages > messagesMax) return null;
    limits.push({ messages, windowSeconds });
  }
  return tightest(limits).length === limits.length ? tightest(limits) : null;
}

/** `gmail.com=10/s 20000/d, example.org=5/min`; null where it is anything else, or names a domain twice. */
export function readDomainRates(text: string): readonly DomainRate[] | null {
  const rates: DomainRate[] = [];
  for (const part of text.split(',')) {
    const [domain = '', limitsText = '', ...more] = part.split('=');
    const limits = readLimits(limitsText);
    const name = domain.trim().toLowerCase();
    if (limits === null || more.length > 0 || !domainPattern.test(name)) return null;
    if (rates.some((one) => one.domain === name)) return null;
    rates.push({ domain: name, limits });
  }
  return rates;
}

/** `google(gmail.com googlemail.com)=20/s, other(example.org)=5/min`; null where it is anything else. */
export function readProviderRates(text: string): readonly ProviderRate[] | null {
  const rates: ProviderRate[] = [];
  for (const part of text.split(',')) {
    const [, name = '', domainsText = '', limitsText = ''] =
      /^\s*([a-z0-9][a-z0-9-]{0,62})\s*\(([^()]*)\)\s*=([^=]*)$/.exec(part.toLowerCase()) ?? [];
    const limits = readLimits(limitsText);
    const domains = domainsText.trim().split(/\s+/);
    if (name === '' || limits === null || !domains.every((domain) => domainPattern.test(domain))) return null;
    if (rates.some((one) => one.name === name)) return null;
    rates.push({ name, domains, limits });
  }
  return rates;
}
