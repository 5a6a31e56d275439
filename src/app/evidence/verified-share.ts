import type { ClassTally } from '../ports/evidence-store.ts';

/** Of the leaked passwords that could be tried, the share that worked; null where none could. */
export function verifiedShareOf(classes: readonly ClassTally[]): number | null {
  const verified = countEvidence(classes, (one) => one.class === 'verified');
  const failed = countEvidence(classes, (one) => one.class === 'weak' && one.remark === null);
  return verified + failed === 0 ? null : verified / (verified + failed);
}

/** Pieces of evidence of the classes that match. */
export function countEvidence(classes: readonly ClassTally[], matches: (one: ClassTally) => boolean): number {
  return classes.filter(matches).reduce((sum, one) => sum + one.evidence, 0);
}
