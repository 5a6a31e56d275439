import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { TrackPhase } from '../../domain/rollout/track-state.ts';
import type { RolloutRow } from '../ports/rollout-store.ts';
import type { Store } from '../ports/store.ts';

export interface ListedRollout {
  readonly no: number;
  readonly subject: PlanId | RetractionId;
  readonly kind: 'plan' | 'retraction';
  readonly startedAt: Date;
  readonly tracks: readonly { readonly track: Track; readonly phase: TrackPhase; readonly members: number }[];
}

/** Rollouts, newest first, with the phase of each track. Outcomes are not counted: a list has to be quick. */
export async function listRollouts(
  { store }: { readonly store: Store },
  limit: number,
  before: number | null,
): Promise<readonly ListedRollout[]> {
  return store.transact(async (tx) => {
    const listed: ListedRollout[] = [];
    for (const row of await tx.rollouts.page(limit, before)) {
      const tracks = await tx.rollouts.tracks(row.no);
      listed.push({
        no: row.no,
        subject: subjectOf(row),
        kind: row.kind,
        startedAt: row.startedAt,
        tracks: tracks.map(({ track, phase, members }) => ({ track, phase, members })),
      });
    }
    return listed;
  });
}

export function subjectOf({ kind, subjectNo }: RolloutRow): PlanId | RetractionId {
  return kind === 'plan' ? `plan_${subjectNo}` : `retraction_${subjectNo}`;
}
