import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { useReadPages } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { number, spaced } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import { EndIt } from './EndIt.tsx';

const pageRows = 100;

export function SuppressionsCard(): ReactNode {
  const may = useMay();
  const pages = useReadPages('get /api/v1/suppressions', { query: { limit: pageRows } });
  const rows = pages.data?.pages.flatMap((page) => page.suppressions) ?? [];
  return (
    <Card title="Addresses that take no mail">
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      {pages.data === undefined ? null : (
        <>
          <p className="soft">
            {number(pages.data.pages.at(-1)?.total ?? 0)} in all. No address is kept: only the notice that failed at it.
            A correction is tried all the same.
          </p>
          <LongTable
            caption="The newest first"
            rows={rows}
            keyOf={({ noticeNumber }) => noticeNumber}
            none="There are none."
            columns={[
              { label: 'Notice', cell: ({ noticeNumber }) => <span className="mono">{noticeNumber}</span> },
              {
                label: 'Because',
                cell: ({ reason, status }) => `${spaced(reason)}${status === null ? '' : ` (${status})`}`,
              },
              { label: 'Since', cell: ({ suppressedAt }) => <Moment at={suppressedAt} short /> },
              {
                label: 'Let go again',
                cell: ({ noticeNumber }) =>
                  may('suppression.remove') ? (
                    <EndIt
                      label={`Let mail go again for ${noticeNumber}`}
                      will={<p>Ordinary notices go to that address again. If it fails once more, it is back here.</p>}
                      actLabel="Let it go"
                      run={() => call('post /api/v1/suppressions/removals', { body: { notice: noticeNumber } })}
                    />
                  ) : (
                    '–'
                  ),
              },
            ]}
            hasMore={pages.hasNextPage}
            isReadingMore={pages.isFetchingNextPage}
            onMore={() => void pages.fetchNextPage()}
          />
        </>
      )}
    </Card>
  );
}
