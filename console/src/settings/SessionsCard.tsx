import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { EndIt } from './EndIt.tsx';

export function SessionsCard(): ReactNode {
  const read = useRead('get /api/v1/sessions', {});
  return (
    <Card title="Where you are signed in">
      <Loaded query={read} what="your sessions">
        {({ sessions }) => (
          <SmallTable
            caption="One that you do not know? End it, and then the passkey that it came by"
            rows={sessions}
            keyOf={({ id }) => id}
            none="Nowhere."
            columns={[
              {
                label: 'Session',
                cell: ({ id, isThis }) => (
                  <>
                    {id} {isThis ? <Tag tone="good">this one</Tag> : null}
                  </>
                ),
              },
              { label: 'By', cell: ({ by }) => (by === 'passkey' ? 'passkey' : 'your organisation') },
              { label: 'Began', cell: ({ createdAt }) => <Moment at={createdAt} /> },
              { label: 'Last seen', cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} short /> },
              { label: 'Ends', cell: ({ expiresAt }) => <Moment at={expiresAt} short /> },
              {
                label: 'End',
                cell: ({ id, isThis }) =>
                  isThis ? (
                    'sign out'
                  ) : (
                    <EndIt
                      label={`End ${id}`}
                      will={<p>Whoever sits there is signed out at once.</p>}
                      actLabel="End it"
                      run={() => call('post /api/v1/sessions/{session}/revocations', { params: { session: id } })}
                    />
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
