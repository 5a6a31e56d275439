import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { number } from '../design/words.ts';
import type { LedgerFilter } from './ledger-filter.ts';

type Entry = Answer<'get /api/v1/ledger/entries'>['entries'][number];

interface Props {
  readonly filter: LedgerFilter;
  readonly entries: readonly Entry[];
  readonly hasMore: boolean;
  readonly isReadingMore: boolean;
  readonly onMore: () => void;
}

export function LedgerEntries({ filter, entries, hasMore, isReadingMore, onMore }: Props): ReactNode {
  return (
    <LongTable
      caption="Entries, newest first"
      rows={entries}
      keyOf={({ chain, seq }) => `${chain} ${seq}`}
      none="There is no such entry in this chain."
      columns={[
        { label: 'No.', cell: ({ seq }) => number(seq) },
        { label: 'When', cell: ({ at }) => <Moment at={at} /> },
        {
          label: 'Event',
          cell: ({ event }) => (
            <Link to="/ledger" search={{ of: filter.of, event }}>
              {event}
            </Link>
          ),
        },
        { label: 'What it says', isWide: true, cell: (entry) => <Body entry={entry} /> },
      ]}
      hasMore={hasMore}
      isReadingMore={isReadingMore}
      onMore={onMore}
    />
  );
}

/** The body as it is hashed, and the hash: whoever doubts it can compute it anew. */
function Body({ entry }: { readonly entry: Entry }): ReactNode {
  const { body, hash, prevHash } = entry;
  const pairs = Object.entries(body);
  return (
    <details>
      <summary>
        {pairs.length === 0
          ? 'Nothing more'
          : pairs
              .slice(0, 3)
              .map(([name, value]) => `${name} ${brief(value)}`)
              .join(', ')}
      </summary>
      <pre className="entry-body">{JSON.stringify(body, null, 2)}</pre>
      <p className="soft small mono">hash {hash}</p>
      <p className="soft small mono">after {prevHash}</p>
    </details>
  );
}

/** A digest or a list would fill the line; it stands below whole. */
const briefChars = 24;

function brief(value: unknown): string {
  if (typeof value === 'object' && value !== null && '$personal' in value) return '(personal)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= briefChars ? text : `${text.slice(0, briefChars)}…`;
}
