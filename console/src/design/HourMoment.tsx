import type { ReactNode } from 'react';
import { Moment } from './Moment.tsx';
import { useNow } from './use-now.ts';

const hourMs = 3_600_000;

/** An hour of which no more is known: what happened in this one is not said to be so and so many minutes old. */
export function HourMoment({ at }: { readonly at: string }): ReactNode {
  const now = useNow();
  return now - Date.parse(at) < hourMs ? 'in this hour' : <Moment at={at} short />;
}
