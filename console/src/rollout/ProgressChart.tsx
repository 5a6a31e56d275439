import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { spaced } from '../design/words.ts';
import type { Point } from './use-series.ts';

const heightPx = 180;
/** Between two times on the axis: never less than what a time says. */
const stepsSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
/** One colour and one dash each: a reader who sees no colours tells them apart too. */
const dashes: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 4, 2, 4]];

interface Props {
  readonly points: readonly Point[];
  readonly tracks: readonly string[];
}

/** People done with, track by track, over the time that the page was open. The table beside it has the same numbers. */
export function ProgressChart({ points, tracks }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const names = tracks.join(' ');

  useEffect(() => {
    const frame = place.current;
    if (frame === null) return undefined;
    // Asked for at each drawing: the canvas keeps no colour of a scheme that is over.
    const colour = (name: string) => (): string => getComputedStyle(frame).getPropertyValue(name).trim();
    const made = new uPlot(
      {
        width: frame.clientWidth,
        height: heightPx,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, max) => [0, Math.max(10, max * 1.1)] } },
        axes: [
          {
            stroke: colour('--axis'),
            grid: { stroke: colour('--axis-line'), width: 1 },
            ticks: { show: false },
            space: 80,
            incrs: [...stepsSeconds],
            values: (_, splits) => splits.map((at) => clock.format(at * 1_000)),
          },
          {
            stroke: colour('--axis'),
            grid: { stroke: colour('--axis-line'), width: 1 },
            ticks: { show: false },
            size: 56,
          },
        ],
        series: [
          {},
          ...names.split(' ').map((track, at) => ({
            label: track,
            stroke: colour('--axis-mark'),
            width: 2,
            dash: [...(dashes[at % dashes.length] ?? [])],
            points: { show: false },
          })),
        ],
      },
      [[], ...names.split(' ').map(() => [])],
      frame,
    );
    chart.current = made;
    const recolour = (): void => made.redraw(false);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', recolour);
    const resized = new ResizeObserver(() => made.setSize({ width: frame.clientWidth, height: heightPx }));
    resized.observe(frame);
    return () => {
      scheme.removeEventListener('change', recolour);
      resized.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [names]);

  useEffect(() => {
    chart.current?.setData([
      points.map(({ at }) => at),
      ...names.split(' ').map((track) => points.map(({ settled }) => settled[track] ?? null)),
    ]);
  }, [points, names]);

  return (
    <figure className="chart">
      <div ref={place} dir="ltr" aria-hidden="true" />
      <figcaption className="soft small">
        People done with since this page was opened:{' '}
        {tracks
          .map((track, at) => `${spaced(track)} ${['solid', 'dashed', 'dotted', 'dash-dotted'][at % 4] ?? ''}`)
          .join(', ')}
        . The numbers stand with each track below.
      </figcaption>
    </figure>
  );
}
