import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { number } from '../design/words.ts';
import { groupCounts, groupWords } from './outcome-groups.ts';

interface Props {
  readonly track: Answer<'get /api/v1/rollouts/{subject}'>['tracks'][number];
}

/** How far a track is, as one bar. Its words stand beside it, so that nobody has to see it. */
export function TrackBar({ track }: Props): ReactNode {
  const { members } = track;
  const counts = groupCounts(track);
  const words = counts.map(([group, count]) => `${number(count)} ${groupWords[group]}`).join(', ');
  return (
    <span className="bar-place">
      <svg className="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {counts.map(([group, count], at) => {
          const before = counts.slice(0, at).reduce((sum, [, earlier]) => sum + earlier, 0);
          return (
            <rect
              key={group}
              className={group}
              x={(before / members) * 1_000}
              width={(count / members) * 1_000}
              y="0"
              height="10"
            />
          );
        })}
      </svg>
      <span>{members === 0 ? 'nobody' : `${words} of ${number(members)}`}</span>
    </span>
  );
}
