import { call } from '../api/call.ts';
import type { LedgerFilter } from './ledger-filter.ts';

/** The largest page that the server gives. */
const pageEntries = 1_000;
/** Some 100 MB of text: what a tab holds without trouble. */
export const exportedAtMost = 200_000;

interface Collected {
  readonly count: number;
  /** False: the bound was met before the end. */
  readonly isWhole: boolean;
  /** Text of the file, page by page. */
  readonly parts: readonly string[];
}

/** Follows the cursors to the end, or to the bound. Throws `Refused`, or an `AbortError` once `signal` says so. */
export async function collectEntries(
  filter: LedgerFilter,
  onRead: (count: number) => void,
  signal: AbortSignal,
): Promise<Collected> {
  const parts: string[] = [];
  let count = 0;
  let after: string | null = null;
  while (count < exportedAtMost) {
    const query = { ...filter, limit: pageEntries, ...(after === null ? {} : { after }) };
    const page: Awaited<ReturnType<typeof call<'get /api/v1/ledger/entries'>>> = await call(
      'get /api/v1/ledger/entries',
      { query: query as never },
      { signal },
    );
    parts.push(page.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    count += page.entries.length;
    onRead(count);
    if (page.next === null) return { count, isWhole: true, parts };
    after = page.next;
  }
  return { count, isWhole: false, parts };
}
