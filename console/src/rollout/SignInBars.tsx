import type { ReactNode } from 'react';
import { number, percent, span } from '../design/words.ts';
import type { CountedWave } from './SignInsTable.tsx';

/** As fine as a bar is drawn. */
const steps = 1_000;

/** Of each wave the newest count, above that of the control group in the same time. The table below has the same numbers. */
export function SignInBars({ counts }: { readonly counts: readonly CountedWave[] }): ReactNode {
  const newest = [...new Map(counts.map((count) => [count.wave, count])).values()];
  const rates = newest.flatMap(({ taken }) => [
    rate(taken.signedIn, taken.people),
    rate(taken.controlSignedIn, taken.control),
  ]);
  const full = Math.max(...rates) || 1;
  return (
    <figure className="chart">
      <div className="pairs" aria-hidden="true">
        {newest.map(({ wave, ageSeconds, taken, verdict }) => {
          const own = rate(taken.signedIn, taken.people);
          const control = rate(taken.controlSignedIn, taken.control);
          const { holdsAtMost } = verdict.power;
          const holdsAt = holdsAtMost === null ? null : (holdsAtMost / taken.people / full) * steps;
          return (
            <div className="pair" key={wave}>
              <span className="pair-name">
                Wave {number(wave)}
                <br />
                <bdi className="soft">after {span(ageSeconds)}</bdi>
              </span>
              <Bar share={own / full} tone={toneOf(verdict)} holdsAt={holdsAt} />
              <bdi className="number">{percent(own)}</bdi>
              <Bar share={control / full} tone="alone" holdsAt={null} />
              <bdi className="number soft">{percent(control)}</bdi>
            </div>
          );
        })}
      </div>
      <figcaption className="soft small">
        Upper bar: of the wave, signed in again since they were contained. Lower bar: of the control group, in the same
        time.
        {newest.some(({ verdict }) => verdict.power.holdsAtMost !== null)
          ? ' The line: at so few or fewer the next wave is held.'
          : ''}
        {newest.some(({ verdict }) => toneOf(verdict) === 'underway') ? ' Pale: so few cannot tell.' : ''}
      </figcaption>
    </figure>
  );
}

interface BarProps {
  /** Of the longest bar. */
  readonly share: number;
  readonly tone: 'done' | 'underway' | 'failed' | 'alone';
  readonly holdsAt: number | null;
}

function Bar({ share, tone, holdsAt }: BarProps): ReactNode {
  return (
    <svg className="bar" viewBox={`0 0 ${steps} 10`} preserveAspectRatio="none">
      <rect className={tone} x="0" width={share * steps} y="0" height="10" />
      {holdsAt === null ? null : (
        <line className="mark" x1={holdsAt} x2={holdsAt} y1="0" y2="10" vectorEffect="non-scaling-stroke" />
      )}
    </svg>
  );
}

function toneOf({ kind, reason }: CountedWave['verdict']): BarProps['tone'] {
  if (kind === 'hold') return 'failed';
  return reason === 'within' ? 'done' : 'underway';
}

function rate(count: number, of: number): number {
  return of === 0 ? 0 : count / of;
}
