import { containStateOf } from '../../domain/action/contain-outcome.ts';
import { restoreStateOf } from '../../domain/action/restore-outcome.ts';
import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { laneWordsOf } from '../../domain/plan/lane-words.ts';
import { suspensionReasonWords } from '../../domain/plan/suspension-terms.ts';
import type { SuspensionTerms } from '../../domain/plan/suspension-terms.ts';
import type { RetractionTargetLine } from '../../domain/retraction/frozen-retraction.ts';
import { terminalStateOf } from '../../domain/retraction/terminal-state.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import { VerifiedOutcomes } from '../ledger/verified-outcomes.ts';
import type { VerifiedOutcomesDeps } from '../ledger/verified-outcomes.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { RestorePoint } from '../ports/restore-point-store.ts';
import type { Suspension } from '../ports/suspension-store.ts';
import type {
  ExplainedContainment,
  ExplainedNote,
  ExplainedNotice,
  ExplainedPlan,
  ExplainedRestorePoint,
  ExplainedRetraction,
  ExplainedSuspension,
} from './explanation.ts';

interface LetterToExplain {
  readonly rolloutNo: number;
  readonly track: Track;
  readonly ordinal: number;
  readonly number: string;
  readonly kind: string;
  readonly conditional: boolean;
}

interface RetractionToExplain {
  readonly line: RetractionTargetLine & { readonly retraction: RetractionId };
  readonly rolloutNo: number | null;
}

/** A byte of a vector that the ledger vouches for, and when it was recorded; null where no permit ever held it. */
type VerifiedByte = {
  readonly byte: number;
  readonly recordedAt: Date | null;
  readonly heldUntil: Date | null;
} | null;

/** One plan's part in an account's story. Every outcome is read from a vector whose digest the ledger holds. */
export async function explainPlan(
  deps: VerifiedOutcomesDeps,
  plan: FrozenPlan,
  target: StoredTarget,
): Promise<ExplainedPlan & { kind: 'target' }> {
  const id = accountId(target.accountId);
  const stored = await deps.store.transact(async (tx) => {
    const rolloutNo = (await tx.rollouts.find('plan', numberOf(plan.id)))?.no ?? null;
    const retractions: RetractionToExplain[] = [];
    for (const line of await tx.retractions.targetsOf(plan.id, id)) {
      const rollout = await tx.rollouts.find('retraction', numberOf(line.retraction));
      retractions.push({ line, rolloutNo: rollout?.no ?? null });
    }
    const own = (await tx.rollouts.lettersOf(id)).filter((letter) => letter.planNo === numberOf(plan.id));
    return {
      rolloutNo,
      retractions,
      letters: own.toReversed().map((letter): LetterToExplain => ({
        rolloutNo: letter.rolloutNo,
        track: letter.track,
        ordinal: letter.ordinal,
        number: letter.noticeNumber,
        kind: letter.templateKind,
        conditional: letter.conditional,
      })),
      point: (await tx.restorePoints.ofPlan(plan.id, plan.header.directory, [id])).get(id) ?? null,
      receipt: (await tx.restorePoints.receipts(plan.id, plan.header.directory, [id])).get(id) ?? null,
      suspension: (await tx.suspensions.ofPlan(plan.id, plan.header.directory, [id])).get(id) ?? null,
    };
  });
  const story = new PlanStory(deps);
  const letters: LetterToExplain[] = [...stored.letters];
  if (stored.rolloutNo !== null && target.tellOrdinal !== null) {
    letters.unshift({
      rolloutNo: stored.rolloutNo,
      track: 'tell',
      ordinal: target.tellOrdinal,
      number: target.noticeNumber,
      kind: 'notice',
      conditional: false,
    });
  }
  const contained = await story.byteAt(stored.rolloutNo, 'contain', target.containOrdinal);
  const containment: ExplainedContainment = {
    outcome: contained === null ? 'created' : containStateOf(contained.byte),
    containedAt: stored.receipt?.containedAt ?? stored.suspension?.suspendedAt ?? null,
    sessionsEndedAt: stored.receipt?.sessionsEndedAt ?? stored.suspension?.sessionsEndedAt ?? null,
    sessionsEnded: stored.receipt?.sessionsEnded ?? stored.suspension?.sessionsEnded ?? null,
    notes: await story.notesAt(stored.rolloutNo, 'contain', target.containOrdinal),
  };
  const notices: ExplainedNotice[] = [];
  for (const letter of letters) notices.push(await story.notice(letter));
  const retractions: ExplainedRetraction[] = [];
  for (const one of stored.retractions) retractions.push(await story.retraction(one));
  return {
    kind: 'target',
    plan: plan.id,
    lane: target.lane,
    laneWords: laneWordsOf(target.lane, plan.header.sessionsLiveMinutes === undefined, plan.header.action),
    effect: target.effect,
    reason: target.reason,
    evidence: target.evidence,
    containment,
    restorePoint: stored.point === null ? null : restorePointOf(stored.point),
    suspension:
      stored.suspension === null || plan.header.suspension === undefined
        ? null
        : suspensionOf(stored.suspension, plan.header.suspension),
    notices,
    retractions,
  };
}

function suspensionOf(
  { state, suspendedAt, lapsesAt, closedAt, closedBy }: Suspension,
  { reason }: SuspensionTerms,
): ExplainedSuspension {
  return { state, because: suspensionReasonWords[reason], suspendedAt, lapsesAt, closedAt, closedBy };
}

function restorePointOf({ state, sealedAt, closedAt, closedBy }: RestorePoint): ExplainedRestorePoint {
  return { state, sealedAt, closedAt, closedBy };
}

/** Reads what rollouts made of one account; each rollout's chain is walked once. */
class PlanStory {
  private readonly deps: VerifiedOutcomesDeps;
  private readonly outcomes = new Map<number, VerifiedOutcomes>();

  constructor(deps: VerifiedOutcomesDeps) {
    this.deps = deps;
  }

  async byteAt(rolloutNo: number | null, track: Track, ordinal: number | null): Promise<VerifiedByte> {
    if (rolloutNo === null || ordinal === null) return null;
    const known = this.outcomes.get(rolloutNo) ?? new VerifiedOutcomes(this.deps, rolloutNo);
    this.outcomes.set(rolloutNo, known);
    const range = await known.rangeAt(track, ordinal);
    if (range === null) return null;
    const byte = range.outcome[ordinal - range.fromOrdinal] ?? 0;
    const recordedAt = byte === 0 ? null : (range.movedAt.get(ordinal) ?? range.recordedAt);
    return { byte, recordedAt, heldUntil: range.heldUntil };
  }

  async notesAt(rolloutNo: number | null, track: Track, ordinal: number): Promise<readonly ExplainedNote[]> {
    if (rolloutNo === null) return [];
    const notes = await this.deps.store.transact((tx) => tx.rollouts.notesOf(rolloutNo, track, ordinal));
    return notes.map(({ attempt, state, note, at }) => ({ attempt, state, note, at }));
  }

  async notice(letter: LetterToExplain): Promise<ExplainedNotice> {
    const { rolloutNo, track, ordinal, number, kind, conditional } = letter;
    const delivered = await this.byteAt(rolloutNo, track, ordinal);
    const { dispute, feedback } = await this.deps.store.transact(async (tx) => ({
      dispute: await tx.rollouts.disputeOf(number),
      feedback: await tx.feedback.ofNotice(number),
    }));
    return {
      number,
      kind,
      track,
      state: delivered === null ? 'created' : deliveryStateOf(delivered.byte),
      recordedAt: delivered?.recordedAt ?? null,
      waitsUntil: delivered?.heldUntil ?? null,
      conditional,
      notes: await this.notesAt(rolloutNo, track, ordinal),
      dispute: dispute === null ? null : { pressedAt: dispute.pressedAt, counted: dispute.counted },
      feedback: feedback.map(({ recordedAt, ...said }) => ({
        kind: said.kind,
        class: said.class,
        status: said.status,
        source: said.source,
        at: recordedAt,
      })),
    };
  }

  async retraction({ line, rolloutNo }: RetractionToExplain): Promise<ExplainedRetraction> {
    const restored = await this.byteAt(rolloutNo, 'restore', line.restoreOrdinal);
    const delivered = await this.byteAt(rolloutNo, 'correct', line.correctOrdinal);
    const restoreState = restored === null ? null : restoreStateOf(restored.byte);
    return {
      retraction: line.retraction,
      started: rolloutNo !== null,
      decision: line.decision,
      reason: line.reason,
      outcome: line.restoreOrdinal === null ? null : (restoreState ?? 'created'),
      recordedAt: restored?.recordedAt ?? null,
      ...terminalStateOf({
        decision: line.decision,
        restored: restoreState,
        letter: line.letter,
        delivered: delivered === null ? null : deliveryStateOf(delivered.byte),
      }),
    };
  }
}
