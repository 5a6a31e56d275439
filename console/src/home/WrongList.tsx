import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Link } from '@tanstack/react-router';
import { Named } from '../design/Named.tsx';

interface Props {
  readonly wrong: Answer<'get /api/v1/overview'>['wrong'];
}

/** What is wrong with a rollout is seen, and ended, on the page of the rollout. */
export function WrongList({ wrong }: Props): ReactNode {
  if (wrong.length === 0) return <p className="soft">Nothing that this page can see.</p>;
  return (
    <ul className="list">
      {wrong.map(({ what, subject, words, next }) => (
        <li key={`${what} ${subject ?? ''} ${words}`}>
          <p>
            {subject === null ? null : (
              <>
                <Link to="/rollouts/$subject" params={{ subject }}>
                  {subject}
                </Link>{' '}
              </>
            )}
            <strong>
              <Named>{words}</Named>
            </strong>
          </p>
          <p className="soft">{next}</p>
          {what === 'untold' && subject !== null ? (
            <Link to="/retractions/$subject" params={{ subject }} className="button small">
              Tell them
              <span className="out-of-sight">, of {subject}</span>
            </Link>
          ) : null}
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
