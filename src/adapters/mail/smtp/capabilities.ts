import type { Reply } from './reply-parser.ts';

/** What an EHLO answer promises (RFC 5321 4.1.1.1); keywords are compared without case. */
export interface Capabilities {
  readonly startTls: boolean;
  readonly pipelining: boolean;
  readonly eightBitMime: boolean;
  readonly smtpUtf8: boolean;
  /** RFC 1870: null where not offered, 0 where no limit is named. */
  readonly sizeMaxBytes: number | null;
  /** RFC 3461. */
  readonly dsn: boolean;
  /** RFC 2034. */
  readonly enhancedStatusCodes: boolean;
  /** Upper-case SASL mechanism names. */
  readonly auth: readonly string[];
}

/** Reads the lines after the first, which only greets. Unknown keywords and unreadable numbers promise nothing. */
export function readCapabilities(ehlo: Reply): Capabilities {
  const offered = new Map<string, readonly string[]>();
  for (const line of ehlo.lines.slice(1)) {
    const [keyword = '', ...parameters] = line.toUpperCase().split(' ').filter(Boolean);
    offered.set(keyword, parameters);
  }
  return {
    startTls: offered.has('STARTTLS'),
    pipelining: offered.has('PIPELINING'),
    eightBitMime: offered.has('8BITMIME'),
    smtpUtf8: offered.has('SMTPUTF8'),
    sizeMaxBytes: readSize(offered.get('SIZE')),
    dsn: offered.has('DSN'),
    enhancedStatusCodes: offered.has('ENHANCEDSTATUSCODES'),
    auth: offered.get('AUTH') ?? [],
  };
}

function readSize(parameters: readonly string[] | undefined): number | null {
  if (parameters === undefined) return null;
  const [text = '0'] = parameters;
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
}
