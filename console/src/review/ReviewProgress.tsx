import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Figures } from '../design/Figures.tsx';
import { number, percent } from '../design/words.ts';
import { cleanNeededFor, upperBound } from './upper-bound.ts';

/** What people ask for: one in twenty, one in a hundred, one in a thousand. */
const askedShares = [0.05, 0.01, 0.001];

interface Props {
  readonly review: Answer<'get /api/v1/plans/{plan}/reviews/own'>;
}

/** Where the review stands, what it proves so far, and what it would take to prove more. */
export function ReviewProgress({ review: { counts, standing, need, proves } }: Props): ReactNode {
  return (
    <Card title="Where your review stands" tone={standing.kind === 'wrong' ? 'wrong' : 'plain'}>
      <Figures
        figures={[
          { label: 'Left', value: number(counts.left), hint: `of ${number(counts.drawn)} drawn` },
          { label: 'Right', value: number(counts.right) },
          {
            label: 'Cannot tell',
            value: number(counts['cannot-tell']),
            ...(counts['cannot-tell'] > 0
              ? { tone: 'waits' as const, hint: 'not clean: find out, and judge again' }
              : {}),
          },
          {
            label: 'Wrong',
            value: number(counts.wrong),
            ...(counts.wrong > 0 ? { tone: 'wrong' as const, hint: 'blocks the plan for everyone' } : {}),
          },
        ]}
      />
      {counts.wrong > 0 ? null : (
        <p className="proves">
          {standing.kind === 'clean' || need.kind !== 'sampled' ? '' : 'What it proves once it is clean: '}
          {proves}
        </p>
      )}
      {need.kind === 'sampled' && counts.wrong === 0 ? (
        <p className="soft">
          {counts.right === 0
            ? 'So far nothing is proved.'
            : `So far, ${number(counts.right)} clean: at most ${percent(upperBound(counts.right))} of the plan is wrong, at 95 % confidence.`}{' '}
          To prove more takes more clean ones:{' '}
          {askedShares.map((share) => `${number(cleanNeededFor(share))} for ${percent(share)}`).join(', ')}.
        </p>
      ) : null}
    </Card>
  );
}
