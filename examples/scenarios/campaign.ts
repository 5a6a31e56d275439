import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from '../chirp/population/ground-truth.ts';
import { passwordOf } from '../chirp/population/ground-truth.ts';
import { makeRandom } from '../chirp/random.ts';
import { generateObservedList } from '../generator/generate-observed-list.ts';
import type { ListClass, WithdrawalCause } from '../../src/domain/evidence/evidence.ts';
import { resumeEpoch } from '../../src/domain/rollout/halt-scope.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { BatchId, PlanId, RetractionId } from '../../src/domain/shared/ids.ts';
import type { Track } from '../../src/domain/shared/track.ts';
import type { StoredTrack } from '../../src/app/ports/rollout-store.ts';
import type { LimitChoices } from '../../src/http/services.ts';
import type { FrozenRetraction } from '../../src/domain/retraction/frozen-retraction.ts';
import { sayYes } from './people.ts';
import type { SigningPerson } from './people.ts';
import type { World } from './world.ts';

const pollMs = 100;
const hourMs = 3_600_000;

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

/** A rule of the service names exactly these people: one observed event or more about each. */
export async function importObserved(world: World, people: readonly Person[], rule: string): Promise<BatchId> {
  const { csv } = generateObservedList({
    seed: 1,
    people,
    accounts: people.length,
    trueShare: 1,
    rule,
    from: new Date(Date.now() - 2 * hourMs),
    until: new Date(Date.now() - hourMs),
    dirtShare: 0,
  });
  return importList(world, { stream: oneChunk(csv), source: rule, class: 'observed', own: true });
}

/** A leaked list holds the working password of exactly these people. */
export async function importLeaked(world: World, people: readonly Person[], source: string): Promise<BatchId> {
  const lines = people.map((person) => `${person.address}:${passwordOf(person) ?? ''}\n`);
  return importList(world, { stream: oneChunk(lines.join('')), source, class: 'credentials' });
}

/** People of whom nothing is special: they have a password, a confirmed address, and are neither staff nor a business. */
export function plainPeople(world: World, seed: number): readonly Person[] {
  const plain = world.chirp.truth.people.filter(
    (person) =>
      person.passwordIndex !== null &&
      person.addressConfirmed &&
      person.addressChangedAt === null &&
      !person.business &&
      !person.staff,
  );
  return makeRandom(seed, 'plain people').shuffle(plain);
}

/** Takes a whole batch back, with its cause, as its author would after reading the dry run. */
export async function withdrawAll(
  world: World,
  batch: BatchId,
  cause: WithdrawalCause,
  reason: string,
): Promise<{ readonly evidence: number; readonly heldByOther: number }> {
  const selection = { kind: 'all' } as const;
  const dry = await world.services.planWithdrawal({ batch, selection });
  await world.services.withdrawEvidence({
    batch,
    selection,
    cause,
    reason,
    by: world.crew.author.id,
    total: dry.evidence,
  });
  return dry;
}

/** One more yes to a retraction, over what was frozen. */
export async function agreeToRetract(world: World, retraction: FrozenRetraction, person: SigningPerson): Promise<void> {
  await sayYes(world.services, person, retraction.id, {
    digest: retraction.digest,
    total: retraction.affected,
    decision: 'approve',
  });
}

/** Two people agree, and the retraction runs to its end. */
export async function runRetraction(world: World, retraction: FrozenRetraction): Promise<void> {
  for (const person of world.crew.approvers) await agreeToRetract(world, retraction, person);
  const started = await world.services.startRetraction(retraction.id, world.crew.approvers[0].id);
  if (started.kind !== 'started') throw new Error('the retraction waits for another yes');
  await untilPhase(world, retraction.id, ['restore', 'correct'], ['finished'], 180_000);
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
  const epoch = resumeEpoch(await tracksOf(world, plan.id), 0);
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

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
