import { setTimeout as delay } from 'node:timers/promises';
import { readStoredHashes } from '../../adapters/directory/rehearsal/made-up-people.ts';
import type { DrillProgress, DrillReport } from '../../domain/drill/drill-report.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { BatchId, PlanId } from '../../domain/shared/ids.ts';
import { approveByCrew } from './drill-crew.ts';
import type { DrillWorld } from './drill-world.ts';
import { isPerson, judgeCampaign, tracksOf } from './judge-campaign.ts';
import type { Campaign } from './judge-campaign.ts';

const pollMs = 100;
/** Somebody is called to the keyboard, and is told what to do. After that everybody has been told long since. */
const haltWithinMs = 30 * 60_000;
/** One person reads six words to another, and says yes. */
const agreeWithinMs = 30 * 60_000;
/** Each look reads every yes anew. */
const agreePollMs = 500;
const drainWithinMs = 60_000;
/** Two people, perhaps in two places, read a digest to each other. */
const approveWithinMs = 60 * 60_000;
const restoreWithinMs = 15 * 60_000;
const hourMs = 3_600_000;
const rule = 'rehearsal-rule';

/** Time was up at a step that people or machines did not come to; its words are the reason in the report. */
class NotReached extends Error {}

/**
 * The whole campaign: evidence that is wrong about nearly everybody, a plan, people told, a halt by a person, the evidence withdrawn,
 * a retraction that two people start, and the world held against the truth. Never rejects for what people did or left undone.
 */
export async function runCampaign(
  world: DrillWorld,
  tell: (progress: DrillProgress) => void,
  onHalted: () => void,
): Promise<DrillReport> {
  let progress: DrillProgress = { stage: 'preparing', plan: null, agree: null, told: 0, retraction: null };
  const show = (changed: Partial<DrillProgress>): void => {
    progress = { ...progress, ...changed };
    tell(progress);
  };
  const state: Campaign = {
    plan: null,
    retraction: null,
    agreedBy: null,
    atHalt: null,
    haltedAtMs: null,
    approvedAtMs: null,
    restoredAtMs: null,
  };
  const notReached: string[] = [];
  try {
    await playCampaign(world, state, show, onHalted);
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
    notReached.push(error.message);
  }
  show({ stage: 'judging' });
  return judgeCampaign(world, state, notReached);
}

async function playCampaign(
  world: DrillWorld,
  state: Campaign,
  show: (changed: Partial<DrillProgress>) => void,
  onHalted: () => void,
): Promise<void> {
  const { services, crew } = world;
  const observed = await importEvidence(world);
  const plan = await services.draftPlan(
    {
      batches: observed.all,
      action: 'reset',
      notice: 'password-reset',
      limits: { pace: null, order: 'interlocked', budget: 'normal' },
      author: crew.author.id,
    },
    () => undefined,
  );
  state.plan = plan.id;
  await approveByCrew(services, crew, plan);
  show({ stage: 'agreeing', plan: plan.id, agree: { digest: plan.digest, total: plan.total } });
  const agreed = await until(
    agreeWithinMs,
    async () => {
      const { approvals } = await services.showPlan(plan.id);
      if (approvals.have < approvals.required) return null;
      return approvals.given.find((one) => one.holds && isPerson(world, one.operator)) ?? null;
    },
    agreePollMs,
  );
  if (agreed === null) throw new NotReached('nobody said yes to the plan within 30 minutes');
  state.agreedBy = agreed.operator;
  await services.startRollout(plan.id, plan.total, crew.author.id);

  const halted = await until(haltWithinMs, async () => {
    const told = world.arrivals.length;
    if (told > 0) show({ stage: 'telling', plan: plan.id, told });
    const tracks = await tracksOf(world, plan.id);
    if (tracks.length > 0 && tracks.every((track) => track.phase === 'finished')) return 'finished';
    return tracks.every((track) => track.phase !== 'running') ? 'halted' : null;
  });
  if (halted !== 'halted')
    throw new NotReached(
      halted === 'finished' ? 'everybody had been told before anybody halted' : 'nobody halted all of it in 30 minutes',
    );
  state.haltedAtMs = world.halts.at(-1)?.committedAtMs ?? performance.now();
  onHalted();
  show({ stage: 'draining', told: world.arrivals.length });
  const drained = await until(drainWithinMs, async () => ((await openPermits(world, plan.id)) === 0 ? true : null));
  if (drained === null) throw new NotReached('after the halt something was still in flight for a minute');
  state.atHalt = await readStoredHashes(world.installation.config.directoryUrl ?? '');

  const selection = { kind: 'all' } as const;
  const { evidence } = await services.planWithdrawal({ batch: observed.wrong, selection });
  await services.withdrawEvidence({
    batch: observed.wrong,
    selection,
    cause: 'rule-wrong',
    reason: 'A drill: the rule names people at random.',
    by: crew.author.id,
    total: evidence,
  });
  const retraction = await services.draftRetraction(plan.id, crew.author.id);
  state.retraction = retraction.id;
  const { id, digest, affected } = retraction;
  show({ stage: 'approving', told: world.arrivals.length, retraction: { id, digest, affected } });
  const started = await until(approveWithinMs, async () => ((await tracksOf(world, id)).length > 0 ? true : null));
  if (started === null) throw new NotReached('two people did not approve the retraction within an hour');
  state.approvedAtMs = performance.now();
  show({ stage: 'restoring' });
  const finished = await until(restoreWithinMs, async () =>
    (await tracksOf(world, id)).every((track) => track.phase === 'finished') ? true : null,
  );
  if (finished === null) throw new NotReached('the retraction did not finish in 15 minutes');
  state.restoredAtMs = performance.now();
}

/** A rule of the service that names everybody, and a leaked list that proves a few of them right. */
async function importEvidence(
  world: DrillWorld,
): Promise<{ readonly wrong: BatchId; readonly all: readonly BatchId[] }> {
  const named = world.people.filter((person) => person.truth !== 'bystander');
  const at = new Date(Date.now() - hourMs).toISOString();
  const events = named.map(({ accountId }, index) => `${accountId},evt_${index},${at},${rule}\n`);
  const leaked = world.people.filter((person) => person.password !== null);
  const lines = leaked.map(({ address, password }) => `${address}:${password}\n`);
  const importList = async (text: string, source: string, isOwn: boolean): Promise<BatchId> => {
    const outcome = await world.services.importEvidence(
      {
        stream: oneChunk(text),
        source: { name: source, authority: isOwn ? 'own' : 'outside' },
        class: isOwn ? 'observed' : 'credentials',
        importer: world.crew.author.id,
        fileName: `${source}.txt`,
        reportedBy: null,
        anew: false,
      },
      () => undefined,
    );
    return outcome.batch;
  };
  const wrong = await importList(`account_id,event_id,time,rule\n${events.join('')}`, rule, true);
  return { wrong, all: [wrong, await importList(lines.join(''), 'rehearsal-leak', false)] };
}

async function openPermits({ installation }: DrillWorld, plan: PlanId): Promise<number> {
  return installation.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find('plan', numberOf(plan));
    if (rollout === null) return 0;
    let open = 0;
    for (const { track } of await tx.rollouts.tracks(rollout.no))
      open += (await tx.rollouts.permits(rollout.no, track)).filter((permit) => permit.state === 'open').length;
    return open;
  });
}

/** Asks until there is an answer; null when time is up. */
async function until<T>(withinMs: number, ask: () => Promise<T | null>, everyMs = pollMs): Promise<T | null> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null || performance.now() > deadline) return answer;
    await delay(everyMs);
  }
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
