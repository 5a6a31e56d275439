import type { KeyRecord } from './dkim/key-record.ts';
import { inTime, lookUp } from './look-up.ts';
import type { LookUp, Resolve } from './look-up.ts';

export interface SenderInput {
  /** Of MAIL_FROM; bounces come back to it too. */
  readonly domain: string;
  /** Null where mails leave unsigned. */
  readonly dkim: { readonly domain: string; readonly records: readonly KeyRecord[] } | null;
  /** The mail server by name; null where it is this machine, whose way out is not to be seen from here. */
  readonly mailHost: string | null;
}

/** What the DNS says of our sender, as a receiver would read it. */
export interface SenderFacts {
  readonly keys: readonly { readonly record: KeyRecord; readonly published: LookUp }[];
  /** The SPF records alone, of all TXT records. */
  readonly spf: LookUp;
  /** RFC 7208's verdict on the mail server's own addresses; null where they, or the record, could not be had. */
  readonly spfOfHost: string | null;
  readonly dmarc:
    | { readonly kind: 'found'; readonly policy: string; readonly byDkim: boolean; readonly bySpf: boolean }
    | Exclude<LookUp, { kind: 'found' }>;
  /** Mail servers that take bounces. */
  readonly mx: LookUp;
  /** RFC 5321 5.1: without an MX, mail goes to the address itself. */
  readonly address: LookUp;
}

/** Of a mail server's addresses only the first are asked about. */
const addressesMax = 4;
/** RFC 7208 4.6.4 allows 20 s; a person waits for this one. */
const spfMaxMs = 5_000;
/** A policy is looked for under each domain above the sender, one after another. */
const policyMaxMs = 8_000;

/** Looks up everything that decides whether receivers trust a mail of ours. Changes nothing and never throws. */
export async function inspectSender(input: SenderInput, resolve: Resolve): Promise<SenderFacts> {
  const { domain, dkim, mailHost } = input;
  const [keys, txt, dmarc, mx, address] = await Promise.all([
    Promise.all(
      (dkim?.records ?? []).map(async (record) => ({ record, published: await lookUp(resolve, record.name, 'TXT') })),
    ),
    lookUp(resolve, domain, 'TXT'),
    alignment(input, resolve),
    lookUp(resolve, domain, 'MX'),
    lookUp(resolve, domain, 'A'),
  ]);
  const spf = onlySpf(txt);
  const spfOfHost = mailHost === null || spf.kind !== 'found' ? null : await spfVerdict(domain, mailHost, resolve);
  return { keys, spf, spfOfHost, dmarc, mx, address };
}

function onlySpf(txt: LookUp): LookUp {
  if (txt.kind !== 'found') return txt;
  const values = txt.values.filter((value) => /^v=spf1(?: |$)/i.test(value));
  return values.length === 0 ? { kind: 'none' } : { kind: 'found', values };
}

async function spfVerdict(domain: string, host: string, resolve: Resolve): Promise<string | null> {
  const found = await Promise.all([lookUp(resolve, host, 'A'), lookUp(resolve, host, 'AAAA')]);
  const addresses = found.flatMap((one) => (one.kind === 'found' ? one.values : [])).slice(0, addressesMax);
  const { spf } = await import('mailauth/lib/spf/index.js');
  const verdicts = await Promise.all(
    addresses.map((ip) =>
      spf({ sender: `bounces@${domain}`, ip, helo: host, resolver: resolve, maxElapsedTime: spfMaxMs }),
    ),
  );
  // The worst is told: mail leaves by any of them.
  const results = verdicts.map(({ status }) => status.result);
  return results.find((result) => result !== 'pass') ?? results[0] ?? null;
}

/** RFC 9989: whether a mail that passes DKIM, or SPF, passes in the name of the domain that its reader sees. */
async function alignment(input: SenderInput, resolve: Resolve): Promise<SenderFacts['dmarc']> {
  const { domain, dkim } = input;
  const { dmarc } = await import('mailauth/lib/dmarc/index.js');
  const asked = dmarc({
    headerFrom: `security@${domain}`,
    spfDomains: [domain],
    dkimDomains: dkim === null ? [] : [{ domain: dkim.domain }],
    resolver: resolve,
  });
  const verdict = await inTime(policyMaxMs, asked).catch(() => null);
  if (verdict === null) return { kind: 'away', why: 'ETIMEOUT' };
  if (verdict === false || verdict.status.result === 'none') return { kind: 'none' };
  if (verdict.status.result === 'temperror') return { kind: 'away', why: verdict.error ?? 'no answer' };
  const { alignment: aligned } = verdict;
  return {
    kind: 'found',
    policy: verdict.policy,
    byDkim: typeof aligned?.dkim?.result === 'string',
    bySpf: typeof aligned?.spf?.result === 'string',
  };
}
