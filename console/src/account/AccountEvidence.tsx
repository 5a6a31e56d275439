import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { spaced } from '../design/words.ts';
import type { Story } from './told-story.ts';

export function AccountEvidence({ evidence }: { readonly evidence: Story['evidence'] }): ReactNode {
  return (
    <Card title="Evidence about it">
      <SmallTable
        caption="For you, not for the phone: sources are nobody’s business"
        rows={evidence}
        keyOf={({ evidence: no }) => String(no)}
        none="There is none."
        columns={[
          { label: 'No.', cell: ({ evidence: no }) => String(no) },
          {
            label: 'Batch',
            cell: ({ batch }) => (
              <Link to="/evidence/$batch" params={{ batch: batch }}>
                {batch}
              </Link>
            ),
          },
          { label: 'Source', cell: ({ source }) => source },
          { label: 'Class', cell: ({ class: grade }) => grade },
          {
            label: 'State',
            cell: ({ state, cause }) => (
              <Tag tone={state === 'live' ? 'good' : 'plain'}>
                {state}
                {cause === null ? '' : `: ${spaced(cause)}`}
              </Tag>
            ),
          },
          { label: 'At', cell: ({ at }) => <Moment at={at} /> },
          { label: 'Rule or reason', cell: ({ rule, reason }) => rule ?? reason ?? '–' },
        ]}
      />
    </Card>
  );
}
