import { correctionWords } from '../../domain/notice/delivery-transitions.ts';
import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import { containStateOf } from '../../domain/action/contain-outcome.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { waveEnds } from '../../domain/plan/waves.ts';
import type { WavePlan } from '../../domain/plan/waves.ts';
import { decideRetraction } from '../../domain/retraction/decide-retraction.ts';
import type {
  FrozenRetraction,
  RetractionHeader,
  RetractionTargetLine,
} from '../../domain/retraction/frozen-retraction.ts';
import { haltedMsSince, joinPeriods } from '../../domain/rollout/halt-period.ts';
import type { HaltPeriod } from '../../domain/rollout/halt-period.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { Digest, OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { TargetHistory } from '../ports/retraction-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { toldWords } from '../notice/send-correction.ts';
import { requireDrained } from '../rollout/require-drained.ts';

/** Targets read, decided and written at a time: bounded memory however large the plan is. */
const page = 1_000;
/** The brakes of the restore track: the same small beginnings as a containment. */
const restoreWaveSizes = [10, 100, 1_000, 5_000];
const correctWaveSizes = [10, 100, 1_000, 10_000];
const growth = 3;
const largestWave = 50_000;

export interface DraftRetractionDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly deployment: { readonly id: string; readonly environment: string };
  readonly codeVersion: string;
}

/**
 * Derives for each account of the plan what putting it right means, from the evidence as it is now, and freezes that.
 * Nothing is done yet. Refuses while the plan may still act: halt it first, and let it drain.
 */
export async function draftRetraction(
  deps: DraftRetractionDeps,
  plan: PlanId,
  author: OperatorId,
): Promise<FrozenRetraction> {
  return deps.store.transact(async (tx) => {
    const { frozen, halts } = await requireDrainedPlan(tx, plan);
    const now = await tx.rollouts.now();
    const retraction = await tx.retractions.begin({ plan, authorNo: numberOf(author), codeVersion: deps.codeVersion });
    const tally = new Tally(deps.digests);
    for (let from = 0; ; from += page) {
      const histories = await tx.retractions.histories(plan, from, page);
      if (histories.length === 0) break;
      const targets = await decidePage(tx, frozen, histories, { now, halts }, tally);
      await tx.retractions.addTargets(retraction, targets);
    }
    if (tally.affected === 0) {
      throw new Failure(
        'nothing-selected',
        `Nothing of ${plan} can be put right now: ${tally.inWords()}. Withdraw the evidence that was wrong: allclear evidence withdraw BATCH --cause ...`,
        { plan },
      );
    }
    const header: RetractionHeader = {
      v: 1,
      retraction,
      plan,
      planDigest: frozen.digest,
      deployment: deps.deployment.id,
      environment: deps.deployment.environment,
      directory: frozen.header.directory,
      author,
      codeVersion: deps.codeVersion,
      createdAt: now.toISOString(),
      targets: tally.summary(),
      waves: tally.waves(),
    };
    const text = deps.digests.canonical(header);
    const digest: Digest = deps.digests.sha256(text);
    await tx.retractions.freeze(retraction, text, digest, tally.affected);
    await tx.ledger.append({
      chain: 'installation',
      event: 'retraction.frozen',
      body: { retraction, plan, digest, affected: tally.affected, decisions: { ...header.targets.decisions } },
    });
    return { id: retraction, plan, digest, affected: tally.affected, header, authorNo: numberOf(author) };
  });
}

interface DrainedPlan {
  readonly frozen: FrozenPlan;
  /** When its accounts could not be given back anyway. */
  readonly halts: readonly HaltPeriod[];
}

/** The plan, once nothing of it can act any more. */
async function requireDrainedPlan(tx: Tx, plan: PlanId): Promise<DrainedPlan> {
  const frozen = await tx.plans.read(plan);
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  if (frozen === null || rollout === null) {
    throw new Failure('not-found', `${plan} was never started: there is nothing to put right.`, { plan });
  }
  await requireHalted(tx, rollout.no, plan);
  const halts = await tx.rollouts.haltPeriods(rollout.no, 'contain');
  return { frozen, halts: joinPeriods([...halts, ...(await tx.pauses.periods(rollout.no))]) };
}

/** Refuses while any forward track of the plan runs, or a permit of it is open. */
export async function requireHalted(tx: Tx, rolloutNo: number, plan: PlanId): Promise<void> {
  const tracks = await tx.rollouts.tracks(rolloutNo);
  const running = tracks.filter(
    (track) => (track.track === 'contain' || track.track === 'tell') && track.phase === 'running',
  );
  if (running.length > 0) {
    throw new Failure(
      'not-halted',
      `${plan} is still running (${running.map((one) => one.track).join(', ')}). Halt it first: allclear halt ${plan}`,
    );
  }
  await requireDrained(
    tx,
    plan,
    rolloutNo,
    tracks.map(({ track }) => track),
  );
}

interface Time {
  readonly now: Date;
  readonly halts: readonly HaltPeriod[];
}

/** Whole hours, those of a halt or a pause left out: the window for giving back is moved by its length. */
function hoursSince(at: Date, { now, halts }: Time): number {
  return Math.floor((now.getTime() - at.getTime() - haltedMsSince(halts, at, now)) / 3_600_000);
}

async function decidePage(
  tx: Tx,
  plan: FrozenPlan,
  histories: readonly TargetHistory[],
  time: Time,
  tally: Tally,
): Promise<readonly RetractionTargetLine[]> {
  const evidence = await tx.evidence.allEvidence(histories.map((history) => history.accountId));
  const targets: RetractionTargetLine[] = [];
  for (const history of histories) {
    if (history.restoredBefore) continue;
    const words = toldWords(history);
    const decided = decideRetraction({
      action: plan.header.action,
      effect: history.effect,
      contained: history.containByte === null ? 'created' : containStateOf(history.containByte),
      isSealed: history.isSealed,
      told: words !== 'none',
      evidence: evidence.get(history.accountId) ?? [],
      hoursSinceContained: history.containedAt === null ? 0 : hoursSince(history.containedAt, time),
      restoreHours: plan.header.limits.restoreHours,
    });
    const owed = decided.owedCorrection
      ? 'final'
      : decided.decision === 'keep' && wordsOf(history.holdingByte) !== 'none'
        ? 'confirmed'
        : null;
    const letter = owed !== null && !history.letters.includes(owed) ? owed : null;
    targets.push(
      tally.add({
        accountId: history.accountId,
        planOrdinal: history.ordinal,
        decision: decided.decision,
        reason: decided.reason,
        letter,
        conditional: words === 'conditional',
      }),
    );
  }
  return targets;
}

function wordsOf(byte: number | null): 'plain' | 'conditional' | 'none' {
  return byte === null ? 'none' : correctionWords(deliveryStateOf(byte));
}

/** Gives out ordinals and adds up what a retraction's header says. */
class Tally {
  affected = 0;
  private readonly digests: Digests;
  private readonly hash: ReturnType<Digests['sha256Stream']>;
  private readonly decisions: Record<string, number> = {};
  private readonly reasons: Record<string, number> = {};
  /** For each letter, in order: how many restores come before it. */
  private readonly restoresBeforeLetter: number[] = [];
  private total = 0;
  private restores = 0;
  private letters = 0;

  constructor(digests: Digests) {
    this.digests = digests;
    this.hash = digests.sha256Stream();
  }

  add(decided: Omit<RetractionTargetLine, 'ordinal' | 'restoreOrdinal' | 'correctOrdinal'>): RetractionTargetLine {
    const restores = decided.decision === 'restore';
    const line: RetractionTargetLine = {
      ...decided,
      ordinal: this.total++,
      restoreOrdinal: restores ? this.restores++ : null,
      correctOrdinal: decided.letter === null ? null : this.letters++,
    };
    if (line.letter !== null) this.restoresBeforeLetter.push(this.restores);
    if (restores || line.letter !== null) this.affected += 1;
    this.decisions[line.decision] = (this.decisions[line.decision] ?? 0) + 1;
    this.reasons[line.reason] = (this.reasons[line.reason] ?? 0) + 1;
    this.hash.update(`${this.digests.canonical(line)}\n`);
    return line;
  }

  summary(): RetractionHeader['targets'] {
    return {
      total: this.total,
      restore: this.restores,
      correct: this.letters,
      decisions: this.decisions,
      reasons: this.reasons,
      digest: this.hash.digest(),
    };
  }

  waves(): WavePlan {
    const containEnds = waveEnds(this.restores, restoreWaveSizes, growth, largestWave);
    const tellEnds = waveEnds(this.letters, correctWaveSizes, growth, largestWave);
    return {
      containEnds,
      tellEnds,
      tellNeedsContained: tellEnds.map((end) => this.restoresBeforeLetter[end - 1] ?? 0),
      containNeedsTold: containEnds.map(() => 0),
    };
  }

  inWords(): string {
    const reasons = Object.entries(this.reasons).map(([reason, count]) => `${count} ${reason}`);
    return reasons.length === 0 ? 'no account of it was acted on or told' : reasons.join(', ');
  }
}
