import type { ReactNode } from 'react';
import { onPage } from '../api/page-words.ts';
import { problemOf } from '../api/refused.ts';

interface Props {
  readonly error: unknown;
  readonly onAgain?: () => void;
}

/** What went wrong, in the server's words, and what to do next. */
export function ProblemNote({ error, onAgain }: Props): ReactNode {
  const { title, detail, next, requestId } = onPage(problemOf(error));
  return (
    <div className="note wrong" role="alert">
      <p>
        <strong>{title}</strong> {detail}
      </p>
      <p className="soft">{next}</p>
      {requestId === '' ? null : <p className="soft small">Request {requestId}</p>}
      {onAgain === undefined ? null : (
        <button type="button" className="button" onClick={onAgain}>
          Try again
        </button>
      )}
    </div>
  );
}
