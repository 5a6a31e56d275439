/** What one mail was like when it was built, before anything of it left. */
export interface MailLook {
  /** Mails with the same words: kind, language and claims. Only these may be compared. */
  readonly variant: string;
  /** Without the reader's own address, which has any length. */
  readonly sizeBytes: number;
  /** It holds an address that is neither its recipient's nor the service's own. */
  readonly holdsForeignAddress: boolean;
}

/** All mails of one variant that a track has built so far. */
export interface VariantSample {
  readonly variant: string;
  readonly mails: number;
  readonly smallestBytes: number;
  readonly largestBytes: number;
  readonly foreignMails: number;
}

export interface ContentLimits {
  /** What slots may differ by within a variant. */
  readonly sizeDriftBytesMax: number;
}

/**
 * Dates are all that differs in length: three of them, in text and HTML, by the six letters between May and September,
 * and three bytes for each line that they break anew. 5,578 mails of one variant differed by 17 bytes.
 */
export const standardContentLimits: ContentLimits = { sizeDriftBytesMax: 128 };

export type ContentVerdict =
  | { readonly kind: 'pass'; readonly compared: number }
  | { readonly kind: 'fail'; readonly reason: 'foreign-address'; readonly mails: number }
  | { readonly kind: 'fail'; readonly reason: 'size-drift'; readonly bytes: number }
  /** Nothing to compare: a single mail of each variant, or none, shows no growth. */
  | { readonly kind: 'inconclusive'; readonly reason: 'too-few-mails' };

/** Adds up what a permit's mails were like, by variant and in a fixed order. */
export function sampleMails(looks: readonly MailLook[]): readonly VariantSample[] {
  const samples = new Map<string, VariantSample>();
  for (const { variant, sizeBytes, holdsForeignAddress } of looks) {
    const before = samples.get(variant);
    samples.set(variant, {
      variant,
      mails: (before?.mails ?? 0) + 1,
      smallestBytes: Math.min(before?.smallestBytes ?? sizeBytes, sizeBytes),
      largestBytes: Math.max(before?.largestBytes ?? sizeBytes, sizeBytes),
      foreignMails: (before?.foreignMails ?? 0) + (holdsForeignAddress ? 1 : 0),
    });
  }
  return [...samples.values()].toSorted((a, b) => (a.variant < b.variant ? -1 : 1));
}

/**
 * The difference between the first and the n-th mail. A mailer that reuses an object appends earlier recipients to later
 * mails: each alone looks plausible, side by side they grow.
 */
export function judgeContent(
  samples: readonly VariantSample[],
  limits: ContentLimits = standardContentLimits,
): ContentVerdict {
  const foreign = samples.reduce((sum, sample) => sum + sample.foreignMails, 0);
  if (foreign > 0) return { kind: 'fail', reason: 'foreign-address', mails: foreign };
  const drift = Math.max(0, ...samples.map((sample) => sample.largestBytes - sample.smallestBytes));
  if (drift > limits.sizeDriftBytesMax) return { kind: 'fail', reason: 'size-drift', bytes: drift };
  const compared = samples.reduce((sum, sample) => sum + sample.mails - 1, 0);
  return compared === 0 ? { kind: 'inconclusive', reason: 'too-few-mails' } : { kind: 'pass', compared };
}
