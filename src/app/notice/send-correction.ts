import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import { isUntold, mayHaveReached } from '../../domain/notice/delivery-transitions.ts';
import { correctionWords } from '../../domain/notice/delivery-transitions.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { NoticeNumbers } from '../ports/notice-numbers.ts';
import type { NewLetter } from '../ports/rollout-store.ts';
import type { TargetHistory } from '../ports/retraction-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { requireDrained } from '../rollout/require-drained.ts';
import { isContained } from './gather-facts.ts';

const page = 1_000;
const lockTimeoutMs = 2_000;

export interface SendCorrectionDeps {
  readonly store: Store;
  readonly noticeNumbers: NoticeNumbers;
}

export type CorrectionKind = 'holding' | 'late';

export interface CorrectionPreview {
  /** The letter was begun and then halted: sending it again goes on with it. */
  readonly goesOn: boolean;
  readonly recipients: number;
  /** Of these, how many may or may not have got the notice: their letter says so. */
  readonly conditional: number;
}

/**
 * Who would get the letter now. `holding`: everyone whom the notice reached or may have reached. `late`: everyone who
 * was contained and told nothing. Refuses while the plan may still tell anybody.
 */
export async function previewCorrection(
  deps: SendCorrectionDeps,
  plan: PlanId,
  kind: CorrectionKind,
): Promise<CorrectionPreview> {
  return deps.store.transact(async (tx) => {
    const halted = await haltedLetter(tx, plan, kind);
    return halted ?? inNumbers(await chooseRecipients(deps, tx, plan, kind));
  });
}

/**
 * Sends the letter that was approved with the plan: one person's explicit act, at once, without a new approval. Where
 * it was begun and halted, it goes on. The plan's own tracks stay as they are.
 */
export async function sendCorrection(
  deps: SendCorrectionDeps,
  plan: PlanId,
  kind: CorrectionKind,
  total: number,
  by: OperatorId,
): Promise<CorrectionPreview> {
  return deps.store.transact(async (tx) => {
    await tx.approvals.lockSubject(plan);
    const rolloutNo = await rolloutOf(tx, plan);
    const halted = await haltedLetter(tx, plan, kind);
    if (halted !== null) {
      requireTotal(plan, kind, halted.recipients, total);
      await tx.rollouts.lockAlone(rolloutNo, lockTimeoutMs);
      await tx.rollouts.resumeTracks(rolloutNo, [kind]);
      await tx.ledger.append({
        chain: 'installation',
        event: 'rollout.resumed',
        body: { subject: plan, tracks: [kind], by },
      });
      return halted;
    }
    const letters = await chooseRecipients(deps, tx, plan, kind);
    if (letters.length === 0)
      throw new Failure('nothing-selected', `Nobody of ${plan} is to get a ${kind} letter now.`, { plan });
    requireTotal(plan, kind, letters.length, total);
    await tx.rollouts.addLetters(rolloutNo, kind, letters);
    await tx.rollouts.addTrack(rolloutNo, {
      track: kind,
      members: letters.length,
      waveEnds: [letters.length],
      soakSeconds: [0],
    });
    await tx.rollouts.openWave(rolloutNo, kind, letters.length);
    await tx.ledger.append({
      chain: 'installation',
      event: 'correction.started',
      body: { plan, kind, recipients: letters.length, by },
    });
    return inNumbers(letters);
  });
}

function requireTotal(plan: PlanId, kind: CorrectionKind, recipients: number, total: number): void {
  if (recipients === total) return;
  throw new Failure(
    'total-mismatch',
    `${recipients} people would get the ${kind} letter, not ${total}. Nothing was sent.`,
    { plan },
  );
}

function inNumbers(letters: readonly NewLetter[]): CorrectionPreview {
  return {
    goesOn: false,
    recipients: letters.length,
    conditional: letters.filter((letter) => letter.conditional).length,
  };
}

/** The letter that was begun and halted, with everyone it is for. */
async function haltedLetter(tx: Tx, plan: PlanId, kind: CorrectionKind): Promise<CorrectionPreview | null> {
  const rolloutNo = await rolloutOf(tx, plan);
  const track = (await tx.rollouts.tracks(rolloutNo)).find((one) => one.track === kind);
  if (track?.phase !== 'halted') return null;
  const members = await tx.rollouts.mailMembers(rolloutNo, kind, 0, track.members);
  return {
    goesOn: true,
    recipients: members.length,
    conditional: members.filter((member) => member.conditional).length,
  };
}

async function rolloutOf(tx: Tx, plan: PlanId): Promise<number> {
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  if (rollout === null)
    throw new Failure('not-found', `${plan} was never started: nobody was told anything.`, { plan });
  return rollout.no;
}

async function chooseRecipients(
  deps: SendCorrectionDeps,
  tx: Tx,
  plan: PlanId,
  kind: CorrectionKind,
): Promise<readonly NewLetter[]> {
  const rolloutNo = await rolloutOf(tx, plan);
  const tracks = await tx.rollouts.tracks(rolloutNo);
  const sent = tracks.find((track) => track.track === kind);
  if (sent !== undefined) {
    throw new Failure(
      'conflict',
      `The ${kind} letter of ${plan} was begun already (${sent.members} people, ${sent.phase}). See: allclear rollout status ${plan}`,
      { plan },
    );
  }
  const tell = tracks.find((track) => track.track === 'tell');
  if (tell?.phase === 'running') {
    throw new Failure('not-halted', `${plan} is still telling people. Halt it first: allclear halt ${plan}`, { plan });
  }
  await requireDrained(tx, plan, rolloutNo, ['tell']);

  const letters: NewLetter[] = [];
  for (let from = 0; ; from += page) {
    const histories = await tx.retractions.histories(plan, from, page);
    if (histories.length === 0) return letters;
    for (const history of histories) {
      if (history.letters.includes(kind) || history.restoredBefore || !isDue(history, kind)) continue;
      letters.push({
        accountId: history.accountId,
        planNo: numberOf(plan),
        planOrdinal: history.ordinal,
        templateKind: kind,
        conditional: kind === 'holding' && toldWords(history) === 'conditional',
        noticeNumber: deps.noticeNumbers(plan, history.accountId, kind),
      });
    }
  }
}

function isDue(history: TargetHistory, kind: CorrectionKind): boolean {
  const states = [history.tellByte, history.lateByte].filter((byte) => byte !== null).map(deliveryStateOf);
  if (kind === 'holding') return states.some(mayHaveReached);
  return history.isTold && isContained(history) && states.every(isUntold);
}

/** How a letter speaks of the notice before it: plainly where one was accepted, conditionally where all is unknown. */
export function toldWords(history: Pick<TargetHistory, 'tellByte' | 'lateByte'>): 'plain' | 'conditional' | 'none' {
  const words = [history.tellByte, history.lateByte].map((byte) =>
    byte === null ? 'none' : correctionWords(deliveryStateOf(byte)),
  );
  if (words.includes('plain')) return 'plain';
  return words.includes('conditional') ? 'conditional' : 'none';
}
