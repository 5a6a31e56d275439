import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Moment } from '../design/Moment.tsx';
import { Tag } from '../design/Tag.tsx';
import { number, people, spaced } from '../design/words.ts';
import { heldByRate } from '../rollout/rate-words.ts';
import { TrackBar } from '../rollout/TrackBar.tsx';

interface Props {
  readonly status: Answer<'get /api/v1/overview'>['rollouts'][number];
}

/** One rollout in a few lines: how far each track is, and whether it goes on. */
export function RunningRollout({ status }: Props): ReactNode {
  const { subject, phase, startedAt, tracks, disputes, mailRate } = status;
  // Of a halted rollout nothing waits for a rate.
  const held = phase === 'running' && mailRate !== null && tracks.some(waitsForMail) ? heldByRate(mailRate) : [];
  return (
    <article aria-label={subject}>
      <p className="row">
        <span>
          <Link to="/rollouts/$subject" params={{ subject }}>
            {subject}
          </Link>{' '}
          <Tag tone={phase === 'running' ? 'good' : 'waits'}>{phase}</Tag>
        </span>
        <span className="soft">
          started <Moment at={startedAt} short />
        </span>
      </p>
      <ul className="tracks">
        {tracks.map((track) => (
          <li key={track.track}>
            <span className="track-word">{spaced(track.track)}</span>
            <TrackBar track={track} />
            <span className="soft small">
              wave {track.wave.opened} of {track.wave.of}
              {track.inFlight > 0 ? `, ${number(track.inFlight)} in flight` : ''}
            </span>
          </li>
        ))}
      </ul>
      {held.length > 0 ? <p className="soft">Mail waits for its rate. {held.join('; ')}.</p> : null}
      {disputes.counted > 0 ? (
        <p className="soft">
          {people(disputes.counted)} {disputes.counted === 1 ? 'disputes' : 'dispute'} their notice.
        </p>
      ) : null}
    </article>
  );
}

/** Somebody of an open wave of mail was not reached yet. */
function waitsForMail({ track, phase, counts, wave }: Props['status']['tracks'][number]): boolean {
  if (track === 'contain' || track === 'restore' || phase !== 'running') return false;
  const left = ['created', 'released', 'deferred'].reduce((sum, word) => sum + (counts[word] ?? 0), 0);
  const settled = Object.values(counts).reduce((sum, count) => sum + count, 0) - left;
  return settled < wave.openTo;
}
