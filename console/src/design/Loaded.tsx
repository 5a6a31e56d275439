import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNote } from './ProblemNote.tsx';

interface Props<Data> {
  readonly query: UseQueryResult<Data>;
  /** What is being read, for those who wait: `the plan`. */
  readonly what: string;
  readonly children: (data: Data) => ReactNode;
}

/**
 * What was read, or why it is not here. Once something was read it stays on the screen when a later reading fails, with
 * the failure above it: at 3 a.m. an old number that says so is worth more than an empty page.
 */
export function Loaded<Data>({ query, what, children }: Props<Data>): ReactNode {
  const again = (): void => void query.refetch();
  if (query.data !== undefined)
    return (
      <>
        {query.isError ? <ProblemNote error={query.error} onAgain={again} /> : null}
        {children(query.data)}
      </>
    );
  if (query.isError) return <ProblemNote error={query.error} onAgain={again} />;
  return (
    <p className="loading" role="status">
      Reading {what} …
    </p>
  );
}
