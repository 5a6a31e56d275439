import { Failure } from '../domain/shared/failure.ts';

export interface PageFlags {
  readonly limit?: string;
  readonly after?: string;
}

export const pageOptions = [
  ['--limit <n>', 'how many at most, up to 1000 (default 100)'],
  ['--after <cursor>', 'the next page: `next` of the page before'],
] as const;

/** What a list is asked for. `Failure('usage')` for a limit that is none. */
export function pageOf(flags: PageFlags): { readonly limit?: number; readonly after?: string } {
  const { limit, after } = flags;
  if (limit !== undefined && !/^([1-9][0-9]{0,2}|1000)$/.test(limit))
    throw new Failure('usage', '--limit takes a whole number from 1 to 1000.');
  return { ...(limit === undefined ? {} : { limit: Number(limit) }), ...(after === undefined ? {} : { after }) };
}

/** Says that a list is empty: no lines at all look like a command that did not run. */
export function emptyLine(count: number, words: string): readonly string[] {
  return count === 0 ? [words] : [];
}

/** Says that there is more, and how to see it. */
export function moreLines(next: string | null, command: string): readonly string[] {
  return next === null ? [] : ['', `There are more: ${command} --after ${next}`];
}
