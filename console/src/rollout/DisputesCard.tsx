import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { AccountLink } from '../account/AccountLink.tsx';
import { Card } from '../design/Card.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Tag } from '../design/Tag.tsx';

interface Props {
  readonly subject: string;
  readonly disputes: Answer<'get /api/v1/rollouts/{subject}'>['disputes'];
}

/** Who said that it is not right, and in which words: the fastest sensor, and the one that says why. */
export function DisputesCard({ subject, disputes }: Props): ReactNode {
  const pages = useReadPages('get /api/v1/rollouts/{subject}/disputes', { params: { subject } });
  const rows = pages.data?.pages.flatMap((page) => page.disputes) ?? [];
  const { refetch } = pages;
  const pressed = disputes.counted + disputes.scanners;
  // The state of the rollout is told as it happens; another press of somebody is read then.
  useEffect(() => void refetch(), [pressed, refetch]);
  return (
    <Card
      title="“This is not right”"
      tone={disputes.counted > 0 ? 'wrong' : 'plain'}
      aside={disputes.counted > 0 ? <Tag tone="wrong">{disputes.counted}</Tag> : undefined}
    >
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void refetch()} /> : null}
      {pages.data === undefined ? null : (
        <LongTable
          caption="Presses, the newest first"
          rows={rows}
          keyOf={({ noticeNumber }) => noticeNumber}
          none="Nobody said so."
          columns={[
            { label: 'When', cell: ({ pressedAt }) => <Moment at={pressedAt} short /> },
            { label: 'In their words', isWide: true, cell: (row) => <Words {...row} /> },
            { label: 'Account', cell: ({ accountId }) => <AccountLink account={accountId} /> },
            { label: 'Notice', cell: ({ noticeNumber }) => <span className="mono">{noticeNumber}</span> },
            {
              label: 'Counts',
              cell: ({ counted }) => (counted ? 'yes' : <span className="soft">no: like a scanner</span>),
            },
          ]}
          hasMore={pages.hasNextPage}
          isReadingMore={pages.isFetchingNextPage}
          onMore={() => void pages.fetchNextPage()}
        />
      )}
    </Card>
  );
}

function Words({ words, appeal }: { readonly words: string | null; readonly appeal: string | null }): ReactNode {
  if (appeal === null) return <span className="soft">none</span>;
  return (
    <>
      {words === null ? <span className="soft">none</span> : <bdi>{words}</bdi>}{' '}
      <Link to="/appeals/$appeal" params={{ appeal }}>
        {appeal}
      </Link>
    </>
  );
}
