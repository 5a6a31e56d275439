import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { SubjectLink } from '../design/SubjectLink.tsx';
import type { Story } from './told-story.ts';

/** Everything in the order in which it happened. */
export function AccountEvents({ events }: { readonly events: Story['events'] }): ReactNode {
  const rows = events.map((event, at) => ({ ...event, no: at }));
  return (
    <Card title="In order">
      <LongTable
        caption="Events"
        rows={rows}
        keyOf={({ no }) => String(no)}
        none="Nothing happened."
        columns={[
          { label: 'When', cell: ({ at }) => <Moment at={at} /> },
          { label: 'What', cell: ({ what }) => what },
          { label: 'Of', cell: ({ of }) => <SubjectLink subject={of} /> },
        ]}
        hasMore={false}
        isReadingMore={false}
        onMore={() => undefined}
      />
    </Card>
  );
}
