import type { Answer } from '../api/routes.ts';

type Track = Answer<'get /api/v1/rollouts/{subject}'>['tracks'][number];

/** What the outcome words of a track come to, in the order in which they are drawn. */
export type OutcomeGroup = 'done' | 'doubt' | 'failed' | 'underway' | 'open';

const groups: Readonly<Record<string, OutcomeGroup>> = {
  created: 'open',
  released: 'open',
  claimed: 'underway',
  sending: 'underway',
  deferred: 'underway',
  unknown: 'doubt',
  failed: 'failed',
  refused: 'failed',
  bounced: 'failed',
  complained: 'failed',
  withheld: 'failed',
};

export const groupWords: Readonly<Record<OutcomeGroup, string>> = {
  done: 'done',
  doubt: 'unknown',
  failed: 'not reached',
  underway: 'under way',
  open: 'not yet',
};

const order: readonly OutcomeGroup[] = ['done', 'doubt', 'failed', 'underway', 'open'];

/** A word that is not in the table says that somebody was dealt with, in a way of its own. */
export function groupOf(outcome: string): OutcomeGroup {
  return groups[outcome] ?? 'done';
}

/** People per group; they add up to the members of the track. */
export function groupCounts(track: Pick<Track, 'counts'>): readonly (readonly [OutcomeGroup, number])[] {
  const sums = new Map<OutcomeGroup, number>();
  for (const [outcome, count] of Object.entries(track.counts))
    sums.set(groupOf(outcome), (sums.get(groupOf(outcome)) ?? 0) + count);
  return order.flatMap((group) => {
    const count = sums.get(group) ?? 0;
    return count === 0 ? [] : [[group, count] as const];
  });
}
