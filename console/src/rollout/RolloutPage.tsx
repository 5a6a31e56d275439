import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { Tag } from '../design/Tag.tsx';
import { useNameHaltTarget } from '../shell/halting.ts';
import { Page } from '../shell/Page.tsx';
import { RolloutFigures } from './RolloutFigures.tsx';
import { TrackCard } from './TrackCard.tsx';
import { useRolloutEvents } from './use-rollout-events.ts';

/** Where events are not given (a role, a proxy), the state is read this often. */
const lookEveryMs = 3_000;

export function RolloutPage(): ReactNode {
  const { subject } = useParams({ from: '/rollouts/$subject' });
  const nameTarget = useNameHaltTarget();
  useEffect(() => nameTarget({ subject }), [nameTarget, subject]);
  const live = useRolloutEvents(subject);
  const status = useRead(
    'get /api/v1/rollouts/{subject}',
    { params: { subject: subject as never } },
    live === 'heard' ? {} : { everyMs: lookEveryMs },
  );
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
        subject.startsWith('plan_') ? (
          <Link to="/plans/$plan" params={{ plan: subject }} className="button">
            The plan
          </Link>
        ) : undefined
      }
    >
      <Loaded query={status} what="the rollout">
        {(rollout) => (
          <>
            <Card title="Where it stands">
              <RolloutFigures status={rollout} />
            </Card>
            {rollout.tracks.map((track) => (
              <TrackCard key={track.track} track={track} />
            ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}
