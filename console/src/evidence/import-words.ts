import { number, span } from '../design/words.ts';

/** A step of progress, as the server tells it. */
export type ImportProgress =
  | { readonly phase: 'indexing'; readonly accounts: number }
  | { readonly phase: 'reading'; readonly batch: string | null; readonly lines: number; readonly bytes: number }
  | {
      readonly phase: 'verifying';
      readonly batch: string;
      readonly lines: number;
      readonly bytes: number;
      readonly candidates: number;
      readonly verified: number;
      readonly secondsExpected: number;
    };

export interface ImportOutcome {
  readonly kind: 'imported' | 'already-imported';
  readonly batch: string;
  readonly resumedAfterLine?: number;
}

export function progressWords(progress: ImportProgress): string {
  if (progress.phase === 'indexing') return `Reading the directory: ${number(progress.accounts)} accounts so far.`;
  if (progress.phase === 'reading') return `${number(progress.lines)} lines read.`;
  const { lines, verified, candidates, secondsExpected } = progress;
  const left = Math.ceil(secondsExpected * (1 - verified / Math.max(1, candidates)));
  return `${number(lines)} lines read; ${number(verified)} of ${number(candidates)} passwords tried, about ${span(left)} to go with these.`;
}

/** How far the list is read, 0 to 1; null while nothing of it was read. */
export function shareRead(progress: ImportProgress | null, bytes: number): number | null {
  if (progress === null || progress.phase === 'indexing' || bytes === 0) return null;
  return Math.min(1, progress.bytes / bytes);
}
