import type { ReactNode } from 'react';
import { distance, moment } from './words.ts';
import { useNow } from './use-now.ts';

interface Props {
  readonly at: string;
  /** Only how far away it is, for a narrow place; the moment itself stands in its title. */
  readonly short?: boolean;
}

/** A point in time, in the reader's own zone, and how far away it is. */
export function Moment({ at, short = false }: Props): ReactNode {
  const now = useNow();
  const away = distance(at, now);
  return (
    <time dateTime={at} title={`${moment(at)} here; ${at}`}>
      {short ? away : `${moment(at)}, ${away}`}
    </time>
  );
}
