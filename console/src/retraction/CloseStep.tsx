import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Figures } from '../design/Figures.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, people } from '../design/words.ts';
import { TrackBar } from '../rollout/TrackBar.tsx';
import { useRolloutEvents } from '../rollout/use-rollout-events.ts';
import { RetractionLines } from './RetractionLines.tsx';
import { StepCard } from './StepCard.tsx';
import { credentialHead, credentialWord, letterWords } from './words.ts';

type Shown = Answer<'get /api/v1/retractions/{subject}'>;

/** Where events are not given, the state is read this often. */
const lookEveryMs = 3_000;

interface Props {
  readonly shown: Shown;
  /** Of its plan: contained, and nobody told them. */
  readonly untold: number;
}

/** Until every account is closed: what is left over is counted and listed, and does not go away by itself. */
export function CloseStep({ shown, untold }: Props): ReactNode {
  const { action, retraction, tally } = shown;
  const live = useRolloutEvents(retraction);
  const status = useRead(
    'get /api/v1/rollouts/{subject}',
    { params: { subject: retraction } },
    live === 'heard' ? {} : { everyMs: lookEveryMs },
  );
  const isHalted = status.data?.tracks.some(({ phase }) => phase === 'halted') === true;
  return (
    <StepCard no={6} title="Until every account is closed" standing={tally.remainder === 0 ? 'done' : 'now'}>
      <Figures
        figures={[
          { label: 'Closed', value: number(tally.terminal), hint: `of ${number(tally.total)}` },
          {
            label: 'Left over',
            value: number(tally.remainder),
            ...(tally.remainder > 0 ? { tone: 'waits' as const } : {}),
          },
        ]}
      />
      {status.isError ? <ProblemNote error={status.error} /> : null}
      {status.data === undefined ? null : (
        <ul className="tracks">
          {status.data.tracks.map((track) => (
            <li key={track.track}>
              <span className="track-word">{track.track}</span>
              <TrackBar track={track} />
              <span className="soft small">{track.phase}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        {isHalted ? <strong>It is halted and goes on only when it is resumed. </strong> : null}
        <Link to="/rollouts/$subject" params={{ subject: retraction }}>
          Its rollout: waves, gates, resume
        </Link>
      </p>
      <div className="grid">
        <Ends
          caption={`${credentialHead(action)}s`}
          counts={tally.credentials}
          wordOf={(end) => credentialWord(action, end)}
        />
        <Ends caption="Letters" counts={tally.letters} wordOf={(end) => letterWords[end] ?? end} />
      </div>
      {tally.remainder === 0 ? (
        <>
          <p>
            <strong>Every account is closed.</strong>
          </p>
          {untold === 0 ? null : (
            <p className="note waits">
              {people(untold)} stay protected and {untold === 1 ? 'was' : 'were'} never told: they cannot sign in and do
              not know why. “Told late”, in step 2, tells them.
            </p>
          )}
        </>
      ) : (
        <RetractionLines retraction={retraction} onlyLeftOver closed={tally.terminal} />
      )}
    </StepCard>
  );
}

interface EndsProps {
  readonly caption: string;
  readonly counts: Readonly<Record<string, number | undefined>>;
  readonly wordOf: (end: string) => string;
}

function Ends({ caption, counts, wordOf }: EndsProps): ReactNode {
  return (
    <SmallTable
      caption={caption}
      rows={Object.entries(counts)}
      keyOf={([end]) => end}
      none="None yet."
      columns={[
        { label: 'Ended', cell: ([end]) => wordOf(end) },
        { label: 'People', isNumber: true, cell: ([, count]) => number(count ?? 0) },
      ]}
    />
  );
}
