import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Tag } from '../design/Tag.tsx';
import { number } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { SourcesCard } from './SourcesCard.tsx';
import { batchTones } from './batch-tones.ts';

export function EvidenceListPage(): ReactNode {
  const may = useMay();
  const pages = useReadPages('get /api/v1/evidence', {});
  const batches = pages.data?.pages.flatMap((page) => page.batches) ?? [];
  return (
    <Page
      title="Evidence"
      lead="What says that a password is known to others, or that an account was used by somebody else."
      actions={
        may('evidence.import') ? (
          <Link to="/evidence/new" className="button act">
            Import a list
          </Link>
        ) : undefined
      }
    >
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      <LongTable
        caption="Batches, newest first"
        rows={batches}
        keyOf={({ batch }) => batch}
        none="No list was imported yet."
        columns={[
          {
            label: 'Batch',
            cell: ({ batch }) => (
              <Link to="/evidence/$batch" params={{ batch: batch }}>
                {batch}
              </Link>
            ),
          },
          { label: 'Source', cell: ({ source }) => `${source.name} (${source.authority})` },
          { label: 'Class', cell: ({ class: grade }) => grade },
          { label: 'Lines', isNumber: true, cell: ({ mark }) => number(mark.lines) },
          { label: 'State', cell: ({ state }) => <Tag tone={batchTones[state]}>{state}</Tag> },
          { label: 'Begun', cell: ({ begunAt }) => <Moment at={begunAt} short /> },
        ]}
        hasMore={pages.hasNextPage}
        isReadingMore={pages.isFetching}
        onMore={() => void pages.fetchNextPage()}
      />
      <SourcesCard />
    </Page>
  );
}
