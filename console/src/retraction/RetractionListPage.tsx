import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { number } from '../design/words.ts';
import { Page } from '../shell/Page.tsx';

/** Whatever was started can have been wrong. */
export function RetractionListPage(): ReactNode {
  const pages = useReadPages('get /api/v1/rollouts', {});
  const rollouts = pages.data?.pages.flatMap((page) => page.rollouts) ?? [];
  return (
    <Page title="Put right" lead="Something is wrong? Choose what it is about. If it still runs: HALT first.">
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      <LongTable
        caption="What was started, newest first"
        rows={rollouts}
        keyOf={({ subject }) => subject}
        none="Nothing was ever started, so that nothing can be wrong."
        columns={[
          {
            label: 'What',
            cell: ({ subject }) => (
              <Link to="/retractions/$subject" params={{ subject }}>
                {subject}
              </Link>
            ),
          },
          { label: 'Kind', cell: ({ kind }) => (kind === 'plan' ? 'plan' : 'retraction, started') },
          {
            label: 'People',
            isNumber: true,
            cell: ({ tracks }) => number(Math.max(0, ...tracks.map(({ members }) => members))),
          },
          { label: 'Started', cell: ({ startedAt }) => <Moment at={startedAt} short /> },
        ]}
        hasMore={pages.hasNextPage}
        isReadingMore={pages.isFetching}
        onMore={() => void pages.fetchNextPage()}
      />
    </Page>
  );
}
