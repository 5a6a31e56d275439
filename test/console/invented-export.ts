import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What a server answers by path: JSON, or lines as they are. */
export type LyingServer = Readonly<Record<string, object | string>>;

type Target = Readonly<Record<string, unknown>> & { readonly ordinal: number };

export function targetLines(count: number): readonly Target[] {
  return Array.from({ length: count }, (_, ordinal) => ({
    accountId: `u${ordinal}-ü`,
    addressDigest: null,
    containOrdinal: ordinal,
    credentialDigest: null,
    effect: 'quarantine',
    evidence: [ordinal + 1],
    lane: 'normal',
    language: 'en',
    noticeNumber: `n${ordinal}`,
    ordinal,
    reason: 'verified',
    tellOrdinal: ordinal,
  }));
}

/** A header with what is read of it on the approver's side. */
export function planHeader(targets: readonly Target[], { review }: { readonly review: 'all' | 'none' }): object {
  const hash = createHash('sha256');
  for (const target of targets) hash.update(`${canonicalize(target)}\n`);
  return {
    v: 1,
    plan: 'plan_1',
    deployment: 'd-1',
    directory: 'chirp',
    targets: { total: targets.length, told: targets.length, digest: hash.digest('hex') },
    exclusions: { total: 0, digest: createHash('sha256').digest('hex') },
    limits: { review, reviewClean: 59, reviewCleanLarge: 300 },
  };
}
