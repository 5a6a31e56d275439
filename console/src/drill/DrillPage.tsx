import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { Tag } from '../design/Tag.tsx';
import { people } from '../design/words.ts';
import { usePractisedHalt } from '../shell/halting.ts';
import { Page } from '../shell/Page.tsx';
import { DrillFigures } from './DrillFigures.tsx';
import { DrillProgress } from './DrillProgress.tsx';
import { RightToStart } from './RightToStart.tsx';
import { drillTones } from './words.ts';
import { Named } from '../design/Named.tsx';

/** Whoever is to act waits for the next command, and reads it here. */
const lookEveryMs = 2_000;
/** It is over, and nothing of it changes any more. */
const lookAtOverEveryMs = 3_600_000;

/** One drill: what it waits for, or what was measured. */
export function DrillPage(): ReactNode {
  const { drill: id } = useParams({ from: '/drills/$drill' });
  const read = useRead(
    'get /api/v1/drills/{drill}',
    { params: { drill: id } },
    { everyMs: ({ state }) => (state === 'running' ? lookEveryMs : lookAtOverEveryMs) },
  );
  usePractisedHalt(read.data?.state === 'running');
  return (
    <Page
      title={id}
      lead={
        read.data === undefined ? undefined : (
          <>
            <Tag tone={drillTones[read.data.state]}>{read.data.state}</Tag> begun <Moment at={read.data.begunAt} /> by{' '}
            <Named>{read.data.begunBy}</Named>, with {people(read.data.people)} who are made up.
          </>
        )
      }
    >
      <Loaded query={read} what="the drill">
        {(drill) => (
          <>
            <DrillProgress drill={drill} />
            {drill.report === null ? null : <DrillFigures state={drill.state} report={drill.report} />}
            {drill.state === 'passed' ? <RightNow /> : null}
            <Card title="Which">
              <p className="soft">
                Code version <span className="mono">{drill.codeVersion}</span>
                {drill.endedAt === null ? null : (
                  <>
                    ; ended <Moment at={drill.endedAt} />
                  </>
                )}
              </p>
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Read once the drill is over: until which day its passing carries. */
function RightNow(): ReactNode {
  const read = useRead('get /api/v1/drills', { query: { limit: 1 } });
  return (
    <Loaded query={read} what="the right to start">
      {(right) => <RightToStart {...right} />}
    </Loaded>
  );
}
