import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { counted } from '../design/words.ts';
import { useSession } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { DeskCard } from './DeskCard.tsx';
import { RunningRollout } from './RunningRollout.tsx';
import { WaitingList } from './WaitingList.tsx';
import { WrongList } from './WrongList.tsx';

/** Often enough that a halt of somebody else is seen while one still looks. */
const lookEveryMs = 5_000;
/** The state of half a million people takes the server two seconds to count. */
const largeAbove = 50_000;
const lookAtLargeEveryMs = 20_000;

/** What is wrong, what waits for me, what runs: in this order, since that is how it is read at night. */
export function HomePage(): ReactNode {
  const { operator } = useSession();
  const overview = useRead('get /api/v1/overview', {}, { everyMs: howOften });
  return (
    <Page title="Home" lead={overview.data === undefined ? 'Reading …' : <Read at={overview.data.readAt} />}>
      <Loaded query={overview} what="what is going on">
        {({ wrong, waiting, rollouts, more }) => (
          <>
            <Card
              title="What is wrong"
              tone={wrong.length > 0 ? 'wrong' : 'plain'}
              aside={wrong.length > 0 ? <span className="soft">{counted(wrong.length, 'thing')}</span> : undefined}
            >
              <WrongList wrong={wrong} />
            </Card>
            <WaitingList waiting={waiting} name={operator.name} />
            <DeskCard />
            <Card title="What runs now">
              {rollouts.length === 0 ? (
                <p className="soft">Nothing. No account is acted on and no mail leaves.</p>
              ) : (
                <ul className="list">
                  {rollouts.map((status) => (
                    <li key={status.subject}>
                      <RunningRollout status={status} />
                    </li>
                  ))}
                </ul>
              )}
              {more > 0 ? <p className="soft">{counted(more, 'more')} are on the page of rollouts.</p> : null}
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Read({ at }: { readonly at: string }): ReactNode {
  return (
    <>
      As of <Moment at={at} short />.{' '}
      <span className="by-keyboard">
        <kbd>Alt</kbd> <kbd>Shift</kbd> <kbd>H</kbd> halts from anywhere.
      </span>
    </>
  );
}

function howOften({ rollouts }: Answer<'get /api/v1/overview'>): number {
  const largest = Math.max(0, ...rollouts.flatMap(({ tracks }) => tracks.map(({ members }) => members)));
  return largest > largeAbove ? lookAtLargeEveryMs : lookEveryMs;
}
