import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Tag } from '../design/Tag.tsx';
import type { Tone } from '../design/Tag.tsx';
import { number, spaced } from '../design/words.ts';
import { Page } from '../shell/Page.tsx';

const phaseTones: Readonly<Record<'running' | 'halted' | 'finished', Tone>> = {
  running: 'good',
  halted: 'waits',
  finished: 'plain',
};

export function RolloutListPage(): ReactNode {
  const pages = useReadPages('get /api/v1/rollouts', {});
  const rollouts = pages.data?.pages.flatMap((page) => page.rollouts) ?? [];
  return (
    <Page title="Rollouts" lead="The running of a plan, or of a retraction, in waves.">
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      <LongTable
        caption="Rollouts, newest first"
        rows={rollouts}
        keyOf={({ subject }) => subject}
        none="Nothing was ever started."
        columns={[
          {
            label: 'Rollout of',
            cell: ({ subject }) => (
              <Link to="/rollouts/$subject" params={{ subject }}>
                {subject}
              </Link>
            ),
          },
          {
            label: 'Tracks',
            cell: ({ tracks }) => (
              <span className="tags">
                {tracks.map(({ track, phase }) => (
                  <Tag key={track} tone={phaseTones[phase]}>
                    {spaced(track)} {phase}
                  </Tag>
                ))}
              </span>
            ),
          },
          {
            label: 'People',
            isNumber: true,
            cell: ({ tracks }) => number(Math.max(0, ...tracks.map(({ members }) => members))),
          },
          { label: 'Started', cell: ({ startedAt }) => <Moment at={startedAt} short /> },
        ]}
        hasMore={pages.hasNextPage}
        isReadingMore={pages.isFetching}
        onMore={() => void pages.fetchNextPage()}
      />
    </Page>
  );
}
