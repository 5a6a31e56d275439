import { useEffect, useRef, useState } from 'react';
import type { Answer } from '../api/routes.ts';
import { groupOf } from './outcome-groups.ts';

type Status = Answer<'get /api/v1/rollouts/{subject}'>;

/** What was seen while the page was open: an hour at one state a second, and then the oldest go. */
const pointsAtMost = 3_600;
/** "Now" is the last minute. */
const nowSeconds = 60;

export interface Point {
  /** Seconds since 1970, by the database's clock. */
  readonly at: number;
  /** People whose outcome is final, by track. */
  readonly settled: Readonly<Record<string, number>>;
}

/** The states of a rollout as they were heard, for the picture and for the rate now. */
export function useSeries(status: Status | undefined): readonly Point[] {
  const [points, setPoints] = useState<readonly Point[]>([]);
  const last = useRef('');
  useEffect(() => {
    if (status === undefined || status.readAt === last.current) return;
    last.current = status.readAt;
    const point = { at: Date.parse(status.readAt) / 1_000, settled: settledOf(status) };
    setPoints((before) => [...before.slice(-pointsAtMost + 1), point]);
  }, [status]);
  return points;
}

function settledOf({ tracks }: Status): Readonly<Record<string, number>> {
  return Object.fromEntries(
    tracks.map(({ track, counts }) => {
      const settled = Object.entries(counts).filter(([outcome]) => !['open', 'underway'].includes(groupOf(outcome)));
      return [track, settled.reduce((sum, [, count]) => sum + count, 0)];
    }),
  );
}

/** People a minute over the last minute that was seen; null while there is too little to say. */
export function rateNow(points: readonly Point[], track: string): number | null {
  const end = points.at(-1);
  if (end === undefined) return null;
  const start = points.find((point) => point.at >= end.at - nowSeconds);
  if (start === undefined || end.at - start.at < 2) return null;
  return (((end.settled[track] ?? 0) - (start.settled[track] ?? 0)) / (end.at - start.at)) * 60;
}
