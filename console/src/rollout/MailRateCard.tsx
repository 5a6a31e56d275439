import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, span, unbroken } from '../design/words.ts';

interface Props {
  readonly rate: NonNullable<Answer<'get /api/v1/rollouts/{subject}'>['mailRate']>;
}

/** What may leave, what did, and how long the rest takes at the least: the answer to "why is it slow". */
export function MailRateCard({ rate }: Props): ReactNode {
  const { limits, leastSecondsToGo } = rate;
  return (
    <Card
      title="Rate of mail"
      aside={
        leastSecondsToGo > 0 ? (
          <span className="soft">the rest takes at least {span(leastSecondsToGo)}</span>
        ) : undefined
      }
    >
      <SmallTable
        caption="Used of what is allowed, over all rollouts"
        rows={limits}
        keyOf={({ key, windowSeconds }) => `${key} ${windowSeconds}`}
        none="No rate is named."
        columns={[
          {
            label: 'Mail',
            cell: ({ key, windowSeconds }) =>
              `${key === 'all' ? 'All mail' : key.replace(':', ' ')} in ${unbroken(span(windowSeconds))}`,
          },
          { label: 'Used', isNumber: true, cell: ({ used }) => number(used) },
          { label: 'For notices', isNumber: true, cell: ({ forNotices }) => number(forNotices) },
          { label: 'Allowed', isNumber: true, cell: ({ allowed }) => number(allowed) },
        ]}
      />
      <p className="soft">
        What is allowed and is not for notices is kept for corrections. Waves, soaks and the hours of the day come on
        top.
      </p>
    </Card>
  );
}
