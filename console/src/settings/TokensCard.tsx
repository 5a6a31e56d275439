import { useState } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Choice } from '../design/Choice.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { HourMoment } from '../design/HourMoment.tsx';
import { Moment } from '../design/Moment.tsx';
import { useMay } from '../session/use-session.ts';
import { EndIt } from './EndIt.tsx';
import { Named } from '../design/Named.tsx';

export function TokensCard(): ReactNode {
  const may = useMay();
  const [of, setOf] = useState<'me' | 'everybody'>('me');
  const read = useRead('get /api/v1/tokens', { query: { of } });
  return (
    <Card title="Tokens">
      <p className="soft">
        For the command line and for machines. A new one is signed for with a key file:{' '}
        <code>allclear operator token YOU --key FILE</code>
      </p>
      {may('token.manage') ? (
        <Choice
          label="Whose"
          value={of}
          onChange={(value) => setOf(value as typeof of)}
          options={[
            ['me', 'Mine'],
            ['everybody', 'Everybody’s'],
          ]}
        />
      ) : null}
      <Loaded query={read} what="the tokens">
        {({ tokens }) => (
          <LongTable
            caption="That can still be used"
            rows={tokens}
            keyOf={({ token }) => token}
            none="There are none."
            columns={[
              { label: 'Token', cell: ({ token }) => token },
              { label: 'Of', cell: ({ operatorId }) => <Named>{operatorId}</Named> },
              { label: 'May', cell: ({ scope }) => scope.join(', ') },
              {
                label: 'Last used, by the hour',
                cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <HourMoment at={lastUsedAt} />),
              },
              { label: 'Ends', cell: ({ expiresAt }) => <Moment at={expiresAt} short /> },
              {
                label: 'End',
                cell: ({ token }) => (
                  <EndIt
                    label={`End ${token}`}
                    will={<p>Whatever uses it is refused from now on. Its holder can sign for a new one.</p>}
                    actLabel="End it"
                    run={() => call('post /api/v1/tokens/{token}/revocations', { params: { token: token } })}
                  />
                ),
              },
            ]}
            hasMore={false}
            isReadingMore={false}
            onMore={() => undefined}
          />
        )}
      </Loaded>
    </Card>
  );
}
