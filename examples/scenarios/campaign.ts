import { setTimeout as delay } from 'node:timers/promises';
import type { ListClass } from '../../src/domain/evidence/evidence.ts';
import { resumeEpoch } from '../../src/domain/rollout/halt-scope.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { BatchId, PlanId, RetractionId } from '../../src/domain/shared/ids.ts';
import type { Track } from '../../src/domain/shared/track.ts';
import type { StoredTrack } from '../../src/app/ports/rollout-store.ts';
import type { LimitChoices } from '../../src/http/services.ts';
import { sayYes } from './people.ts';
import type { World } from './world.ts';

const pollMs = 100;

/** Imports a list as the author of plans would, and names its batch. */
export async function importList(
  world: World,
  list: {
    readonly stream: AsyncIterable<Uint8Array>;
    readonly source: string;
    readonly class: ListClass;
    readonly own?: boolean;
  },
): Promise<BatchId> {
  const outcome = await world.services.importEvidence(
    {
      stream: list.stream,
      source: { name: list.source, authority: list.own === true ? 'own' : 'outside' },
      class: list.class,
      importer: world.crew.author.id,
      fileName: `${list.source}.txt`,
      reportedBy: null,
      anew: false,
    },
    () => undefined,
  );
  return outcome.batch;
}

/** Drafts a plan by its author and has the two others approve exactly what was frozen. */
export async function approvedPlan(
  world: World,
  batches: readonly BatchId[],
  limits: Partial<LimitChoices> = {},
): Promise<{ readonly id: PlanId; readonly digest: string; readonly total: number }> {
  const plan = await world.services.draftPlan(
    {
      batches,
      action: 'reset',
      notice: 'password-reset',
      limits: { pace: null, order: 'interlocked', budget: 'normal', ...limits },
      author: world.crew.author.id,
    },
    () => undefined,
  );
  for (const person of world.crew.approvers) {
    await sayYes(world.services, person, plan.id, { digest: plan.digest, total: plan.total, decision: 'approve' });
  }
  return plan;
}

/** Signed by both approvers for the state as it is now, then resumed. */
export async function resumeByTwo(
  world: World,
  plan: { readonly id: PlanId; readonly digest: string; readonly total: number },
): Promise<void> {
  const epoch = resumeEpoch(await tracksOf(world, plan.id));
  for (const person of world.crew.approvers) {
    await sayYes(world.services, person, plan.id, {
      digest: plan.digest,
      total: plan.total,
      decision: `resume-epoch-${epoch}`,
    });
  }
  const result = await world.services.resumeRollout(plan.id, world.crew.approvers[0].id);
  if (result.kind !== 'resumed') throw new Error(`the rollout waits for ${result.required - result.have} more`);
}

export async function tracksOf(world: World, subject: PlanId | RetractionId): Promise<readonly StoredTrack[]> {
  return world.installation.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find(subject.startsWith('plan_') ? 'plan' : 'retraction', numberOf(subject));
    return rollout === null ? [] : tx.rollouts.tracks(rollout.no);
  });
}

/** Waits until the named tracks are all in one of the phases; says which phases were seen when time is up. */
export async function untilPhase(
  world: World,
  subject: PlanId | RetractionId,
  wanted: readonly Track[],
  phases: readonly StoredTrack['phase'][],
  withinMs: number,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const tracks = (await tracksOf(world, subject)).filter((track) => wanted.includes(track.track));
    if (tracks.length === wanted.length && tracks.every((track) => phases.includes(track.phase))) return;
    if (performance.now() > deadline) {
      const seen = tracks.map(
        (track) =>
          `${track.track} ${track.phase} wave ${track.wavesOpened}/${track.waveEnds.length} (${track.reasons.join('; ')})`,
      );
      throw new Error(`${subject} did not become ${phases.join(' or ')} in ${withinMs / 1_000} s: ${seen.join(', ')}`);
    }
    await delay(pollMs);
  }
}

/** Waits until no permit of the subject is open: everything that was in flight is settled. */
export async function untilDrained(world: World, subject: PlanId | RetractionId, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const open = await world.installation.store.transact(async (tx) => {
      const rollout = await tx.rollouts.find(subject.startsWith('plan_') ? 'plan' : 'retraction', numberOf(subject));
      if (rollout === null) return 0;
      let count = 0;
      for (const track of await tx.rollouts.tracks(rollout.no)) {
        count += (await tx.rollouts.permits(rollout.no, track.track)).filter(
          (permit) => permit.state === 'open',
        ).length;
      }
      return count;
    });
    if (open === 0) return;
    if (performance.now() > deadline)
      throw new Error(`${subject} still has ${open} permits in flight after ${withinMs / 1_000} s`);
    await delay(pollMs);
  }
}
