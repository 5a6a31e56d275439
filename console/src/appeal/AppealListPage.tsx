import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import { AccountLink } from '../account/AccountLink.tsx';
import { Choice } from '../design/Choice.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Tag } from '../design/Tag.tsx';
import { counted } from '../design/words.ts';
import { Page } from '../shell/Page.tsx';
import { toldWords } from './words.ts';

type State = 'open' | 'decided';

/** Of somebody's own words as much as a line holds; the rest is on the page of the appeal. */
const wordsShown = 140;

/** What holders say about notices, the one who waits longest first. */
export function AppealListPage(): ReactNode {
  const [state, setState] = useState<State>('open');
  const pages = useReadPages('get /api/v1/appeals', { query: { state } });
  const appeals = pages.data?.pages.flatMap((page) => page.appeals) ?? [];
  const open = pages.data?.pages.at(-1)?.open;
  return (
    <Page
      title="Appeals"
      lead={
        open === undefined
          ? 'What holders say about notices.'
          : `What holders say about notices. ${counted(open, 'is', 'are')} open.`
      }
    >
      <Choice
        label="Which"
        value={state}
        onChange={(value) => setState(value as State)}
        options={[
          ['open', 'Open, the oldest first'],
          ['decided', 'Decided, the newest first'],
        ]}
      />
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      {pages.isPending ? <p className="loading">Reading the appeals …</p> : null}
      {pages.data === undefined ? null : (
        <LongTable
          caption={state === 'open' ? 'Open appeals' : 'Decided appeals'}
          rows={appeals}
          keyOf={({ id }) => id}
          none={state === 'open' ? 'Nobody waits for an answer.' : 'None was decided yet.'}
          columns={[
            {
              label: 'Appeal',
              cell: ({ id }) => (
                <Link to="/appeals/$appeal" params={{ appeal: id }}>
                  {id}
                </Link>
              ),
            },
            { label: 'Since', cell: ({ openedAt }) => <Moment at={openedAt} short /> },
            { label: 'In their words', isWide: true, cell: ({ words }) => brief(words) },
            { label: 'Account', cell: ({ accountId }) => <AccountLink account={accountId} /> },
            {
              label: 'Decision',
              cell: ({ decision, told }) =>
                decision === null ? (
                  <Tag tone="waits">open</Tag>
                ) : (
                  <>
                    <Tag>{decision}</Tag> {toldWords[told ?? 'unsent']}
                  </>
                ),
            },
          ]}
          hasMore={pages.hasNextPage}
          isReadingMore={pages.isFetching}
          onMore={() => void pages.fetchNextPage()}
        />
      )}
    </Page>
  );
}

function brief(words: string | null): ReactNode {
  if (words === null) return <span className="soft">no words</span>;
  return <bdi>{words.length <= wordsShown ? words : `${words.slice(0, wordsShown)}…`}</bdi>;
}
