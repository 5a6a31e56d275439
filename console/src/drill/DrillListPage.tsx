import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useRead } from '../api/read.ts';
import { Loaded } from '../design/Loaded.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { Tag } from '../design/Tag.tsx';
import { number } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { BeginDrill } from './BeginDrill.tsx';
import { RightToStart } from './RightToStart.tsx';
import { drillTones } from './words.ts';
import { Named } from '../design/Named.tsx';

/** 25 years of them, one a quarter. */
const shownAtMost = 100;
/** One that somebody else began, or that ended, while this page is open. */
const lookEveryMs = 10_000;

/** Whether a rollout may be started as far as drills go, until when, and what the drills measured. */
export function DrillListPage(): ReactNode {
  const may = useMay();
  const [isBeginning, setBeginning] = useState(false);
  const read = useRead('get /api/v1/drills', { query: { limit: shownAtMost } }, { everyMs: lookEveryMs });
  const running = read.data?.drills.find(({ state }) => state === 'running');
  return (
    <Page
      title="Drills"
      lead="A whole campaign on made-up people, to be halted and put right. It reaches nobody who exists."
      actions={
        may('drill.begin') && read.data !== undefined && running === undefined ? (
          <Button className="button act" onPress={() => setBeginning(true)}>
            Begin a drill …
          </Button>
        ) : undefined
      }
    >
      <Loaded query={read} what="the drills">
        {({ drills, ...right }) => (
          <>
            <RightToStart {...right} />
            <LongTable
              caption="Drills, newest first"
              rows={drills}
              keyOf={({ drill }) => drill}
              none="There was none yet."
              columns={[
                {
                  label: 'Drill',
                  cell: ({ drill }) => (
                    <Link to="/drills/$drill" params={{ drill }}>
                      {drill}
                    </Link>
                  ),
                },
                { label: 'State', cell: ({ state }) => <Tag tone={drillTones[state]}>{state}</Tag> },
                { label: 'Begun', cell: ({ begunAt, begunBy }) => <Begun at={begunAt} by={begunBy} /> },
                { label: 'Halted by', cell: ({ report }) => <Named>{report?.haltedBy ?? '–'}</Named> },
                {
                  label: 'Last mail after the halt',
                  isNumber: true,
                  cell: ({ report }) =>
                    report?.figures.lastDotMs == null ? '–' : `${number(report.figures.lastDotMs)} ms`,
                },
                {
                  label: 'Not as they have to be',
                  isNumber: true,
                  cell: ({ report }) => (report === null ? '–' : number(report.figures.wrong)),
                },
              ]}
              hasMore={false}
              isReadingMore={false}
              onMore={() => undefined}
            />
          </>
        )}
      </Loaded>
      {isBeginning ? <BeginDrill onClose={() => setBeginning(false)} /> : null}
    </Page>
  );
}

function Begun({ at, by }: { readonly at: string; readonly by: string }): ReactNode {
  return (
    <>
      <Moment at={at} /> by {by}
    </>
  );
}
