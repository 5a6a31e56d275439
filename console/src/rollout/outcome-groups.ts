import type { Answer } from '../api/routes.ts';

type Track = Answer<'get /api/v1/rollouts/{subject}'>['tracks'][number];

/** What the outcome words of a track come to, in the order in which they are drawn. */
export type OutcomeGroup = 'done' | 'alone' | 'doubt' | 'failed' | 'underway' | 'open';

const groups: Readonly<Record<string, OutcomeGroup>> = {
  contained: 'done',
  'already-quarantined': 'done',
  restored: 'done',
  'already-restored': 'done',
  accepted: 'done',
  complained: 'done',
  rehearsed: 'done',
  'changed-since': 'alone',
  missing: 'alone',
  passwordless: 'alone',
  'already-suspended': 'alone',
  'evidence-withdrawn': 'alone',
  'held-by-evidence': 'alone',
  withheld: 'alone',
  suppressed: 'alone',
  failed: 'failed',
  refused: 'failed',
  bounced: 'failed',
  unknown: 'doubt',
  claimed: 'underway',
  sending: 'underway',
  deferred: 'underway',
  created: 'open',
  released: 'open',
};

export const groupWords: Readonly<Record<OutcomeGroup, string>> = {
  done: 'done',
  alone: 'left alone',
  doubt: 'unknown',
  failed: 'failed',
  underway: 'under way',
  open: 'not yet',
};

const order: readonly OutcomeGroup[] = ['done', 'alone', 'doubt', 'failed', 'underway', 'open'];

/** A word that is not in the table is one of a newer server: nobody is called done for it. */
export function groupOf(outcome: string): OutcomeGroup {
  return groups[outcome] ?? 'doubt';
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
