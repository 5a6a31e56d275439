import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useReadPages } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Tag } from '../design/Tag.tsx';
import type { Tone } from '../design/Tag.tsx';
import { useMay, useSession } from '../session/use-session.ts';
import { DecideOperator } from './DecideOperator.tsx';
import type { OperatorDecision } from './DecideOperator.tsx';
import { ProposeOperator } from './ProposeOperator.tsx';

type Operator = Answer<'get /api/v1/operators'>['operators'][number];

const tones: Readonly<Record<Operator['state'], Tone>> = {
  pending: 'waits',
  active: 'good',
  suspended: 'wrong',
  removed: 'plain',
};

export function PeopleCard(): ReactNode {
  const may = useMay();
  const pages = useReadPages('get /api/v1/operators', {});
  const operators = pages.data?.pages.flatMap((page) => page.operators) ?? [];
  const [deciding, setDeciding] = useState<{ operator: Operator; decision: OperatorDecision } | null>(null);
  return (
    <Card title="People">
      <p className="soft">
        Two others say yes to whoever comes or is suspended. Two accounts with the same key, passkey or address count as
        one person.
      </p>
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      <LongTable
        caption="In the order in which they were added"
        rows={operators}
        keyOf={({ operatorId }) => operatorId}
        none={pages.isPending ? 'Reading …' : 'Nobody was added yet.'}
        columns={[
          { label: 'Who', cell: ({ name, operatorId }) => `${name} (${operatorId})` },
          { label: 'Role', cell: ({ role }) => role },
          { label: 'State', cell: ({ state }) => <Tag tone={tones[state]}>{state}</Tag> },
          {
            label: 'Counts from',
            cell: ({ activeFrom }) => (activeFrom === null ? '–' : <Moment at={activeFrom} short />),
          },
          {
            label: 'Decide',
            cell: (operator) => (
              <Decide operator={operator} onDecide={(decision) => setDeciding({ operator, decision })} />
            ),
          },
        ]}
        hasMore={pages.hasNextPage}
        isReadingMore={pages.isFetching}
        onMore={() => void pages.fetchNextPage()}
      />
      {may('operator.propose') ? <ProposeOperator /> : null}
      {deciding === null ? null : <DecideOperator {...deciding} onClose={() => setDeciding(null)} />}
    </Card>
  );
}

interface DecideProps {
  readonly operator: Operator;
  readonly onDecide: (decision: OperatorDecision) => void;
}

/** Nobody has a say about themselves. */
function Decide({ operator, onDecide }: DecideProps): ReactNode {
  const may = useMay();
  const { operator: me } = useSession();
  const { operatorId, name, state } = operator;
  if (!may('operator.decide') || operatorId === me.id) return '–';
  if (state === 'pending')
    return (
      <Button className="button small" onPress={() => onDecide('add-operator')}>
        Admit {name} …
      </Button>
    );
  if (state === 'active')
    return (
      <Button className="button small" onPress={() => onDecide('suspend-operator')}>
        Suspend {name} …
      </Button>
    );
  return '–';
}
