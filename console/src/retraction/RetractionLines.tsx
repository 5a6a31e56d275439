import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import { LongTable } from '../design/LongTable.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { AccountLink } from '../account/AccountLink.tsx';
import { credentialHead, credentialWord, decisionWord, letterWords, reasonWords } from './words.ts';

interface Props {
  readonly retraction: string;
  /** Only those whom somebody still has to close. */
  readonly onlyLeftOver: boolean;
  /** How many are closed: when that moves, what is on the screen is read again. */
  readonly closed: number;
}

export function RetractionLines({ retraction, onlyLeftOver, closed }: Props): ReactNode {
  const pages = useReadPages(
    onlyLeftOver ? 'get /api/v1/retractions/{retraction}/remainder' : 'get /api/v1/retractions/{retraction}/lines',
    { params: { retraction: retraction } },
  );
  const seen = useRef(closed);
  const { refetch } = pages;
  useEffect(() => {
    if (seen.current === closed) return;
    seen.current = closed;
    void refetch();
  }, [closed, refetch]);
  const action = pages.data?.pages[0]?.action ?? 'reset';
  const lines = pages.data?.pages.flatMap((page) => page.lines) ?? [];
  if (pages.isPending) return <p className="loading">Reading the accounts …</p>;
  return (
    <>
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      <LongTable
        caption={onlyLeftOver ? 'Left over' : 'Accounts, in their frozen order'}
        rows={lines}
        keyOf={({ ordinal }) => String(ordinal)}
        none={onlyLeftOver ? 'Nobody is left over.' : 'There are no accounts.'}
        columns={[
          { label: 'Account', cell: ({ accountId }) => <AccountLink account={accountId} /> },
          { label: 'Decided', cell: ({ decision }) => decisionWord(action, decision) },
          { label: 'Because', cell: ({ reason }) => reasonWords[reason] ?? reason },
          { label: credentialHead(action), cell: ({ credential }) => credentialWord(action, credential) },
          { label: 'Letter', cell: ({ letter }) => letterWords[letter] ?? letter },
        ]}
        hasMore={pages.hasNextPage}
        isReadingMore={pages.isFetchingNextPage}
        onMore={() => void pages.fetchNextPage()}
      />
    </>
  );
}
