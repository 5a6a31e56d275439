import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { number, spaced } from '../design/words.ts';

interface Props {
  readonly plan: Answer<'get /api/v1/plans/{plan}'>;
}

/** Who looked at what, what that proves, and who said yes. */
export function PlanYeses({ plan }: Props): ReactNode {
  const { review, approvals } = plan;
  return (
    <Card title="Who looked, and who said yes">
      <p>{review.proves}</p>
      {review.need === 'none' ? null : (
        <SmallTable
          caption={`Reviews: ${review.need === 'all' ? 'every target' : `${number(review.each)} drawn for each approver`}`}
          rows={review.reviewers}
          keyOf={({ reviewer }) => reviewer}
          none="Nobody has begun a review."
          columns={[
            { label: 'Who', cell: ({ reviewer }) => reviewer },
            { label: 'Stands', cell: ({ standing }) => spaced(standing) },
            { label: 'Right', isNumber: true, cell: ({ counts }) => number(counts.right) },
            { label: 'Wrong', isNumber: true, cell: ({ counts }) => number(counts.wrong) },
            { label: 'Cannot tell', isNumber: true, cell: ({ counts }) => number(counts['cannot-tell']) },
            { label: 'Left', isNumber: true, cell: ({ counts }) => number(counts.left) },
          ]}
        />
      )}
      {review.wrong.length === 0 ? null : (
        <div className="note wrong">
          <p>
            <strong>The plan is blocked.</strong> Found wrong in review:{' '}
            {review.wrong.map(({ accountId, reviewer }) => `${accountId} by ${reviewer}`).join('; ')}.
          </p>
          <p className="soft">Withdraw that evidence and draw up a new plan.</p>
        </div>
      )}
      <SmallTable
        caption={`${number(approvals.have)} of ${number(approvals.required)} yeses hold now`}
        rows={approvals.given}
        keyOf={({ operator, givenAt }) => `${operator} ${givenAt}`}
        none="Nobody has said yes."
        columns={[
          { label: 'Who', cell: ({ name, operator }) => `${name} (${operator})` },
          { label: 'Given', cell: ({ givenAt }) => <Moment at={givenAt} short /> },
          { label: 'Good until', cell: ({ until }) => <Moment at={until} /> },
          {
            label: 'Counts',
            cell: ({ holds }) => <Tag tone={holds ? 'good' : 'waits'}>{holds ? 'yes' : 'no'}</Tag>,
          },
        ]}
      />
    </Card>
  );
}
