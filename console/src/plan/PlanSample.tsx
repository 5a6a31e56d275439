import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, spaced } from '../design/words.ts';

interface Props {
  readonly plan: Answer<'get /api/v1/plans/{plan}'>;
}

export function PlanSample({ plan }: Props): ReactNode {
  return (
    <Card title="The first people of the plan">
      <SmallTable
        caption="In an order that nobody chose"
        rows={plan.sample}
        keyOf={({ accountId }) => accountId}
        none="Nobody."
        columns={[
          { label: 'Account', cell: ({ accountId }) => <span className="mono">{accountId}</span> },
          { label: 'Ordinal', isNumber: true, cell: ({ ordinal }) => number(ordinal) },
          { label: 'What', cell: ({ effect, told }) => `${spaced(effect)}${told ? ', told' : ', not told'}` },
          { label: 'Why', cell: ({ reason }) => reason },
          {
            label: 'Evidence',
            cell: ({ evidence }) =>
              evidence.map(({ class: grade, source, state }) => `${grade} by ${source}, ${state}`).join('; '),
          },
        ]}
      />
    </Card>
  );
}
