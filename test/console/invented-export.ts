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

/** Accounts of a retraction: restored and told, told alone, and kept, in turn. */
export function retractionLines(count: number): readonly Target[] {
  let restored = 0;
  let letters = 0;
  return Array.from({ length: count }, (_, ordinal) => {
    const isRestored = ordinal % 3 === 0;
    const isTold = ordinal % 3 !== 2;
    return {
      accountId: `u${ordinal}-ü`,
      conditional: false,
      correctOrdinal: isTold ? letters++ : null,
      decision: isRestored ? 'restore' : 'keep',
      letter: isTold ? 'final' : null,
      ordinal,
      planOrdinal: ordinal,
      reason: 'evidence-withdrawn',
      restoreOrdinal: isRestored ? restored++ : null,
    };
  });
}

export function retractionHeader(lines: readonly Target[]): object {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${canonicalize(line)}\n`);
  const counted = (name: string): number => lines.filter((line) => line[name] !== null).length;
  const restore = lines.filter((line) => line['decision'] === 'restore').length;
  return {
    v: 1,
    retraction: 'retraction_1',
    plan: 'plan_1',
    planDigest: 'e'.repeat(64),
    deployment: 'd-1',
    environment: 'staging',
    directory: 'chirp',
    author: 'operator_1',
    codeVersion: 'c1',
    createdAt: '2026-01-01T00:00:00.000Z',
    targets: {
      total: lines.length,
      restore: counted('restoreOrdinal'),
      correct: counted('correctOrdinal'),
      decisions: { restore, keep: lines.length - restore },
      reasons: { 'evidence-withdrawn': lines.length },
      digest: hash.digest('hex'),
    },
    waves: { containEnds: [10], tellEnds: [10], tellNeedsContained: [10], containNeedsTold: [0] },
  };
}
