import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { SubjectLink } from '../design/SubjectLink.tsx';
import { counted } from '../design/words.ts';

interface Due {
  readonly of: string;
  readonly what: string;
}

/** What a run would destroy now. Nothing is destroyed by looking. */
export function RetentionCard(): ReactNode {
  const read = useRead('get /api/v1/retention', {});
  return (
    <Card title="What has outlived its time">
      <p className="soft">
        Looked at only. The server destroys it within the hour by itself; there is no way back then.
      </p>
      <Loaded query={read} what="what is due">
        {({ plans, closed, batches, addresses }) => {
          const due: readonly Due[] = [
            ...plans.map(({ plan, sealed }) => ({
              of: plan,
              what: `${counted(sealed, 'sealed password')}: its plan is over`,
            })),
            ...closed.map(({ plan, count }) => ({
              of: plan,
              what: `${counted(count, 'sealed password')} whose holders have newer ones or theirs back`,
            })),
            ...batches.map(({ batch }) => ({ of: batch, what: 'its sealed line numbers: every plan on it is closed' })),
            ...addresses.map(({ plan, count }) => ({ of: plan, what: counted(count, 'address', 'addresses') })),
          ];
          return (
            <SmallTable
              caption="Due now"
              rows={due}
              keyOf={({ of, what }) => `${of} ${what}`}
              none="Nothing is due."
              columns={[
                { label: 'Of', cell: ({ of }) => <SubjectLink subject={of} /> },
                { label: 'What', cell: ({ what }) => what },
              ]}
            />
          );
        }}
      </Loaded>
    </Card>
  );
}
