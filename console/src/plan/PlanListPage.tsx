import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { number } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';

const doesWords = { reset: 'resets passwords', suspend: 'suspends accounts' } as const;

export function PlanListPage(): ReactNode {
  const may = useMay();
  const pages = useReadPages('get /api/v1/plans', {});
  const plans = pages.data?.pages.flatMap((page) => page.plans) ?? [];
  return (
    <Page
      title="Plans"
      lead="A plan names exactly whom it acts on. Two people say yes to exactly that."
      actions={
        may('plan.draft') ? (
          <Link to="/plans/new" className="button act">
            Draw up a plan
          </Link>
        ) : undefined
      }
    >
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      <LongTable
        caption="Plans, newest first"
        rows={plans}
        keyOf={({ id }) => id}
        none="There is no plan yet. One is drawn up from evidence."
        columns={[
          {
            label: 'Plan',
            cell: ({ id }) => (
              <Link to="/plans/$plan" params={{ plan: id }}>
                {id}
              </Link>
            ),
          },
          { label: 'Does', cell: ({ action }) => doesWords[action] },
          { label: 'People', isNumber: true, cell: ({ total }) => number(total) },
          { label: 'Directory', cell: ({ directory }) => directory },
          { label: 'Drawn up', cell: ({ createdAt }) => <Moment at={createdAt} short /> },
        ]}
        hasMore={pages.hasNextPage}
        isReadingMore={pages.isFetching}
        onMore={() => void pages.fetchNextPage()}
      />
    </Page>
  );
}
