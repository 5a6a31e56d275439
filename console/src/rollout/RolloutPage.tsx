import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { Tag } from '../design/Tag.tsx';
import { useMay } from '../session/use-session.ts';
import { useHaltableRollout } from '../shell/halting.ts';
import { Page } from '../shell/Page.tsx';
import { CameBackCard } from './CameBackCard.tsx';
import { DisputesCard } from './DisputesCard.tsx';
import { MailRateCard } from './MailRateCard.tsx';
import { isPausable } from './pausable.ts';
import { PauseRollout } from './PauseRollout.tsx';
import { ProgressChart } from './ProgressChart.tsx';
import { RecoveriesCard } from './RecoveriesCard.tsx';
import { ResumeRollout } from './ResumeRollout.tsx';
import { RolloutFigures } from './RolloutFigures.tsx';
import { TrackCard } from './TrackCard.tsx';
import { useRolloutEvents } from './use-rollout-events.ts';
import { useSubject } from './use-subject.ts';
import { rateNow, useSeries } from './use-series.ts';

/** Where events are not given (a role, a proxy), the state is read this often. */
const lookEveryMs = 3_000;

export function RolloutPage(): ReactNode {
  const { subject } = useParams({ from: '/rollouts/$subject' });
  useHaltableRollout(subject);
  const live = useRolloutEvents(subject);
  const status = useRead(
    'get /api/v1/rollouts/{subject}',
    { params: { subject } },
    live === 'heard' ? {} : { everyMs: lookEveryMs },
  );
  const points = useSeries(status.data);
  const of = useSubject(subject);
  const may = useMay();
  const [resuming, setResuming] = useState<'as-it-stands' | 'over' | null>(null);
  const isHalted = status.data?.tracks.some((track) => track.haltedAt !== null) === true;
  const goOn = status.data?.goOn ?? null;
  const pause = status.data?.pause ?? null;
  const [isPausing, setPausing] = useState(false);
  const isMoving = status.data?.tracks.some(({ track, phase }) => phase === 'running' && isPausable(track)) === true;
  return (
    <Page
      title={`Rollout of ${subject}`}
      lead={
        status.data === undefined ? undefined : (
          <>
            <Tag tone={status.data.phase === 'running' ? 'good' : 'waits'}>{status.data.phase}</Tag> started{' '}
            <Moment at={status.data.startedAt} />.{' '}
            {live === 'heard' ? 'Told as it happens.' : 'Read every few seconds.'}
          </>
        )
      }
      actions={
        <>
          {isMoving && pause === null && may('rollout.pause') ? (
            <Button className="button" onPress={() => setPausing(true)}>
              Pause …
            </Button>
          ) : null}
          {(isHalted || pause !== null) && of?.mayApprove === true ? (
            <Button className="button" onPress={() => setResuming('as-it-stands')}>
              Resume …
            </Button>
          ) : null}
          {isHalted && goOn !== null && of?.mayApprove === true ? (
            <Button className="button" onPress={() => setResuming('over')}>
              Resume over what the gates say …
            </Button>
          ) : null}
          {may('retraction.read') ? (
            <Link to="/retractions/$subject" params={{ subject }} className="button">
              Something is wrong …
            </Link>
          ) : null}
          {subject.startsWith('plan_') ? (
            <Link to="/plans/$plan" params={{ plan: subject }} className="button">
              The plan
            </Link>
          ) : null}
        </>
      }
    >
      <Loaded query={status} what="the rollout">
        {(rollout) => (
          <>
            {pause === null ? null : (
              <p className="note waits">
                <strong>Paused</strong> <Moment at={pause.at} /> by {pause.by}
                {pause.reason === '' ? '' : ': '}
                <bdi>{pause.reason}</bdi>.{' '}
                {isHalted
                  ? 'It is halted as well; one resume lifts both.'
                  : 'Nothing more begins; what was begun is finished.'}
              </p>
            )}
            <Card title="Where it stands">
              <RolloutFigures status={rollout} />
              {points.length > 1 ? (
                <ProgressChart points={points} tracks={rollout.tracks.map(({ track }) => track)} />
              ) : null}
            </Card>
            {rollout.tracks.map((track) => (
              <TrackCard
                key={track.track}
                track={track}
                isPaused={pause !== null}
                ratePerMinute={rateNow(points, track.track)}
              />
            ))}
            {may('appeal.read') ? <DisputesCard subject={subject} disputes={rollout.disputes} /> : null}
            <CameBackCard tracks={rollout.tracks} />
            <RecoveriesCard recoveries={rollout.recoveries} signIns={rollout.signIns ?? null} />
            {rollout.mailRate === null ? null : <MailRateCard rate={rollout.mailRate} />}
            {isPausing ? <PauseRollout subject={subject} onClose={() => setPausing(false)} /> : null}
            {resuming === null || of === null ? null : (
              <ResumeRollout status={rollout} of={of} isOver={resuming === 'over'} onClose={() => setResuming(null)} />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
