import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Moment } from '../design/Moment.tsx';
import { Tag } from '../design/Tag.tsx';
import { standingTones, standingWords } from './words.ts';
import type { Standing } from './words.ts';

interface Props {
  readonly standing: Standing;
  readonly inWords: string;
  readonly lastPassedAt: string | null;
  readonly until: string | null;
}

/** Whether a rollout may be started, as far as drills go, and until when. */
export function RightToStart({ standing, inWords, lastPassedAt, until }: Props): ReactNode {
  const mayStart = standing !== 'lapsed' && standing !== 'never';
  return (
    <Card
      title="The right to start a rollout"
      tone={standing === 'fresh' || standing === 'not-asked' ? 'plain' : 'waits'}
      aside={<Tag tone={standingTones[standing]}>{standingWords[standing]}</Tag>}
    >
      <p>
        {inWords.slice(0, 1).toUpperCase()}
        {inWords.slice(1)}.
      </p>
      <Facts
        facts={[
          { label: 'Last passed', value: lastPassedAt === null ? 'never' : <Moment at={lastPassedAt} /> },
          ...(until === null ? [] : [{ label: mayStart ? 'Lapses' : 'Lapsed', value: <Moment at={until} /> }]),
        ]}
      />
      <p className="soft">
        Halting, resuming, retractions and corrections are never refused for want of a drill.
        {mayStart ? null : (
          <>
            {' '}
            In a live attack two people may start one plan without, in a terminal:{' '}
            <code>allclear drill override PLAN --reason TEXT</code>
          </>
        )}
      </p>
    </Card>
  );
}
