import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';

interface Props {
  readonly given: Answer<'get /api/v1/retractions/{subject}'>['approvals']['given'];
}

/** Every yes to one digest, also those that count no more. */
export function WhoSaidYes({ given }: Props): ReactNode {
  return (
    <SmallTable
      caption="Who said yes"
      rows={given}
      keyOf={(one) => `${one.operator} ${one.givenAt}`}
      none="Nobody has said yes."
      columns={[
        { label: 'Who', cell: (one) => `${one.name} (${one.operator})` },
        { label: 'Good until', cell: ({ until }) => <Moment at={until} /> },
        { label: 'Counts', cell: ({ holds }) => <Tag tone={holds ? 'good' : 'waits'}>{holds ? 'yes' : 'no'}</Tag> },
      ]}
    />
  );
}
