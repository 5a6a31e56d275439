/** What a withdrawal by line numbers does to one piece of evidence. */
export type LineCoverage = 'untouched' | 'partly' | 'covered';

/**
 * Evidence falls by lines only when every line that supports it is named. Where more lines were met than were kept,
 * nobody can know that all are named, so it stays.
 */
export function coverageByLines(
  evidence: { readonly lines: readonly number[]; readonly linesTotal: number },
  withdrawn: ReadonlySet<number>,
): LineCoverage {
  const named = evidence.lines.filter((line) => withdrawn.has(line)).length;
  if (named === 0) return 'untouched';
  return named === evidence.lines.length && evidence.linesTotal <= evidence.lines.length ? 'covered' : 'partly';
}
