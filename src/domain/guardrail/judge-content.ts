/** What the mailer's own output is held against: one mail as it was handed over. */
export interface MailSample {
  readonly ordinal: number;
  /** Mails with the same words: template version, kind, language and claims. Only these may be compared. */
  readonly variant: string;
  readonly sizeBytes: number;
  /** Addresses found in headers and body, compared byte for byte. */
  readonly addresses: readonly string[];
  readonly recipient: string;
}

export interface ContentLimits {
  /** Addresses of the service itself: sender, support. Any other but the recipient's own is somebody else's. */
  readonly ownAddresses: readonly string[];
  /** What slots may differ by within a variant: an address in a header and dates of different lengths. */
  readonly sizeDriftBytesMax: number;
}

/** An address has at most 254 octets (RFC 5321) and stands in at most two headers. */
export const standardSizeDriftBytes = 512;

export type ContentVerdict =
  | { readonly kind: 'pass'; readonly compared: number }
  | { readonly kind: 'fail'; readonly reason: 'foreign-address' | 'size-drift'; readonly ordinal: number }
  /** Nothing to compare: a single mail, or none, shows no growth. */
  | { readonly kind: 'inconclusive'; readonly reason: 'too-few-samples' };

/**
 * The difference between the first and the n-th mail of a wave. A mailer that reuses an object appends earlier
 * recipients to later mails: each alone looks plausible, side by side they grow.
 */
export function judgeContent(samples: readonly MailSample[], limits: ContentLimits): ContentVerdict {
  const firstOf = new Map<string, MailSample>();
  let compared = 0;
  for (const sample of samples.toSorted((left, right) => left.ordinal - right.ordinal)) {
    const foreign = sample.addresses.some(
      (address) => address !== sample.recipient && !limits.ownAddresses.includes(address),
    );
    if (foreign) return { kind: 'fail', reason: 'foreign-address', ordinal: sample.ordinal };
    const first = firstOf.get(sample.variant);
    if (first === undefined) {
      firstOf.set(sample.variant, sample);
      continue;
    }
    compared += 1;
    if (Math.abs(sample.sizeBytes - first.sizeBytes) > limits.sizeDriftBytesMax) {
      return { kind: 'fail', reason: 'size-drift', ordinal: sample.ordinal };
    }
  }
  return compared === 0 ? { kind: 'inconclusive', reason: 'too-few-samples' } : { kind: 'pass', compared };
}
