import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Figures } from '../design/Figures.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { SubjectLink } from '../design/SubjectLink.tsx';
import { counted, number, people, spaced } from '../design/words.ts';

interface Props {
  readonly plan: Answer<'get /api/v1/plans/{plan}'>;
}

/** Who is acted on, who is told, who is left out, and what changed since the plan before. */
export function PlanPeople({ plan }: Props): ReactNode {
  const { counts, lanes, exclusions, difference } = plan;
  return (
    <Card title="Who, and why">
      <Figures
        figures={[
          { label: 'People', value: number(counts.total), hint: 'acted on, all in all' },
          plan.suspension === null
            ? { label: 'Password reset', value: number(counts.quarantined), hint: 'sealed, and can be given back' }
            : {
                label: 'Suspended',
                value: number(counts.suspended),
                hint: `hidden and kept out, nothing deleted; over by itself after ${plan.suspension.days} days`,
              },
          { label: 'Sessions only', value: number(counts.sessionsOnly), hint: 'signed out, password kept' },
          { label: 'Told by mail', value: number(counts.told), hint: `${number(counts.total - counts.told)} are not` },
          { label: 'Left out', value: number(counts.excluded), hint: 'met by the evidence, and left alone' },
          { label: 'Evidence', value: number(counts.evidence), hint: 'pieces that it rests on' },
        ]}
      />
      <SmallTable
        caption="Lanes"
        rows={lanes}
        keyOf={({ lane }) => lane}
        none="Nobody."
        columns={[
          { label: 'Lane', cell: ({ lane }) => spaced(lane) },
          { label: 'People', isNumber: true, cell: ({ count }) => number(count) },
          { label: 'Told', isNumber: true, cell: ({ told }) => number(told) },
          { label: 'Why', cell: ({ why, reasons }) => <Reasons why={why} reasons={reasons} /> },
          {
            label: 'What happens, and who looks after it',
            cell: ({ does, owner, clock }) => (
              <>
                {does}{' '}
                <span className="soft">
                  {owner}; {clock}
                </span>
              </>
            ),
          },
        ]}
      />
      <SmallTable
        caption="Left out, by reason"
        rows={exclusions.toSorted((a, b) => b.count - a.count)}
        keyOf={({ reason }) => reason}
        none="Nobody was left out."
        columns={[
          { label: 'Reason', cell: ({ reason }) => spaced(reason) },
          { label: 'People', isNumber: true, cell: ({ count }) => number(count) },
          { label: 'In words', cell: ({ words }) => words },
        ]}
      />
      {difference === null ? (
        <p className="soft">This is the first plan of the directory: there is none before it to compare with.</p>
      ) : (
        <p>
          Against <SubjectLink subject={difference.previous} />: {people(difference.added)} new,{' '}
          {counted(difference.kept, 'person', 'people')} as before, {number(difference.removed)} no longer in it.
        </p>
      )}
    </Card>
  );
}

function Reasons({
  why,
  reasons,
}: {
  readonly why: string;
  readonly reasons: Readonly<Record<string, number>>;
}): ReactNode {
  return (
    <>
      {why}
      <ul className="reasons">
        {Object.entries(reasons).map(([reason, count]) => (
          <li key={reason}>
            {number(count)} {reason}
          </li>
        ))}
      </ul>
    </>
  );
}
