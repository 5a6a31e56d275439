import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Link } from '@tanstack/react-router';
import { SubjectLink } from '../design/SubjectLink.tsx';

interface Props {
  readonly wrong: Answer<'get /api/v1/overview'>['wrong'];
}

export function WrongList({ wrong }: Props): ReactNode {
  if (wrong.length === 0) return <p className="soft">Nothing that this page can see.</p>;
  return (
    <ul className="list">
      {wrong.map(({ what, subject, words, next }) => (
        <li key={`${what} ${subject ?? ''} ${words}`}>
          <p>
            {subject === null ? null : (
              <>
                <SubjectLink subject={subject} />{' '}
              </>
            )}
            <strong>{words}</strong>
          </p>
          <p className="soft">{next}</p>
          {what === 'behind' ? (
            <Link to="/loss" className="button small">
              See what is lost
            </Link>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
