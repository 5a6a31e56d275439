import type { Answer } from '../api/routes.ts';
import { counted, number, span, unbroken } from '../design/words.ts';

type MailRate = NonNullable<Answer<'get /api/v1/rollouts/{subject}'>['mailRate']>;

export function isFull({ used, forNotices }: MailRate['limits'][number]): boolean {
  return used >= forNotices;
}

/** `All mail in 24 h`, `provider google in 1 s`. */
export function limitName({ key, windowSeconds }: MailRate['limits'][number]): string {
  return `${key === 'all' ? 'All mail' : key.replace(':', ' ')} in ${unbroken(span(windowSeconds))}`;
}

/** Which rates hold notices back now, each in a few words; none where mail leaves as fast as it is asked for. */
export function heldByRate({ limits, eachDomain }: MailRate): readonly string[] {
  const short = eachDomain?.waiting ?? 0;
  return [
    ...limits
      .filter(isFull)
      .map((limit) => `${limitName(limit)}: ${number(limit.used)} of ${number(limit.forNotices)} for notices`),
    ...(short === 0 ? [] : [shortDomainsWords(short, eachDomain?.freeInSeconds ?? null)]),
  ];
}

export function shortDomainsWords(domains: number, freeInSeconds: number | null): string {
  const free = freeInSeconds === null ? '' : `, the first has room again in about ${unbroken(span(freeInSeconds))}`;
  return `${counted(domains, 'recipient domain')} without room${free}`;
}
