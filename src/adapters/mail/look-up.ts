import { Resolver } from 'node:dns/promises';

/** As `dns.resolve`: a TXT record comes as its strings. Rejects with `ENOTFOUND` or `ENODATA` where there is none. */
export type Resolve = (name: string, type: string) => Promise<string[][] | string[]>;

export type LookUp =
  | { readonly kind: 'found'; readonly values: readonly string[] }
  | { readonly kind: 'none' }
  /** Nobody said; a firewall, or a resolver that is down. It tells nothing about the record. */
  | { readonly kind: 'away'; readonly why: string };

/** A person waits for the whole; a resolver that takes longer is as good as away. */
const timeoutMs = 1_500;
const tries = 2;
/** Over all name servers and tries of one question. */
const questionMs = 4_000;
const noRecord: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** The DNS as this machine sees it; `servers` in place of its own. */
export function systemResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers !== undefined) resolver.setServers(servers);
  return (name, type) => inTime(questionMs, ask(resolver, name, type));
}

/** Rejects with `ETIMEOUT` once the time is over; what was asked may go on unheard. */
export async function inTime<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' })), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(resolver: Resolver, name: string, type: string): Promise<string[][] | string[]> {
  switch (type) {
    case 'TXT':
      return resolver.resolveTxt(name);
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ exchange }) => exchange);
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    default:
      return (await resolver.resolve(name, type)) as string[];
  }
}

/** What stands under a name, the strings of each TXT record joined; never throws. */
export async function lookUp(resolve: Resolve, name: string, type: 'TXT' | 'MX' | 'A' | 'AAAA'): Promise<LookUp> {
  try {
    const found = await resolve(name, type);
    const values = found.map((one) => (typeof one === 'string' ? one : one.join('')));
    return values.length === 0 ? { kind: 'none' } : { kind: 'found', values };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return noRecord.has(code) ? { kind: 'none' } : { kind: 'away', why: code };
  }
}
