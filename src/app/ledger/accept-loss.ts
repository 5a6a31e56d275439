import type { PlanLimits } from '../../domain/plan/limits.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { signedPart } from '../../domain/ledger/checkpoint.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { PermitJournal } from '../ports/permit-journal.ts';
import type { PermitRow, RolloutRow } from '../ports/rollout-store.ts';
import type { LedgerSigner } from '../ports/signatures.ts';
import type { Tx } from '../ports/store.ts';
import { settleWithin } from '../rollout/settle-permit.ts';
import { claimedByte, outcomesOf, unknownByte } from '../rollout/track-outcomes.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import type { LossId } from '../../domain/shared/ids.ts';
import type { StoredLoss } from '../ports/loss-store.ts';
import { findLoss } from './find-loss.ts';
import { lossRecord } from './loss-record.ts';
import type { FindLossDeps, HeardJournal, Loss } from './find-loss.ts';
import { signersOfLoss } from './show-loss.ts';
import { planLoss } from './preview-loss.ts';
import type { LossPreview, PlannedLoss } from './preview-loss.ts';
import type { LostRange } from './lost-ranges.ts';

/** A person waits at the terminal; a worker that still holds a permit gives it up far sooner. */
const lockTimeoutMs = 5_000;
const note = 'what became of it was in the part of the ledger that was lost';
const haltReason = 'a part of the past was lost and accepted; whoever may have been reached in it counts as unknown';

export interface AcceptLossDeps extends Omit<FindLossDeps, 'journals'> {
  readonly log: CheckpointLog;
  /** Of this machine. */
  readonly journal: PermitJournal;
  /** Copied from other machines. */
  readonly otherJournals: readonly HeardJournal[];
  readonly signer: LedgerSigner;
  readonly clock: Clock;
  /** Name of the directory: part of what is signed. */
  readonly directory: string;
}

export type LossAcceptance =
  | { readonly kind: 'accepted'; readonly loss: LossPreview }
  /** Nothing is accepted yet: so many of those who are needed have signed exactly this. */
  | {
      readonly kind: 'waiting';
      readonly loss: LossId;
      readonly digest: string;
      readonly total: number;
      readonly have: number;
      readonly required: 2;
    };

export interface AcceptLossRequest {
  /** Everyone who was not told for certain becomes unknown. */
  readonly isEveryone: boolean;
  /** A person's word that no more than what is known was lost, with how they know. */
  readonly vouched: string | null;
}

/** What would become unknown, and why more may be lost than that. Changes nothing. */
export async function previewLoss(deps: AcceptLossDeps, request: AcceptLossRequest): Promise<LossPreview> {
  const journals = journalsOf(deps);
  const loss = await findLoss({ ...deps, journals });
  return previewOf(await deps.store.transact((tx) => planLoss(tx, loss, journals, request.isEveryone)));
}

/**
 * Writes down that a part of the past is lost: whoever may have been reached in it becomes unknown, everything is halted,
 * numbers that were given are not given again, and a signed line beside the checkpoints says so. Until two people have
 * signed exactly this it only puts it forward. Resuming still needs its own quorum.
 * `Failure('conflict')` where nothing is behind, `'total-mismatch'`, `'guardrail-failed'` while doubts are left.
 */
export async function acceptLoss(
  deps: AcceptLossDeps,
  request: AcceptLossRequest,
  total: number,
): Promise<LossAcceptance> {
  const journals = journalsOf(deps);
  const loss = await findLoss({ ...deps, journals });
  const done = await deps.store.transact(async (tx): Promise<LossAcceptance> => {
    for (const rollout of await tx.rollouts.unfinished()) await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
    const plan = await planLoss(tx, loss, journals, request.isEveryone);
    refuseUnfit(plan, request, total);
    const signed = await proposedLoss(tx, deps, plan, request);
    const quorum = await checkQuorum(deps, tx, {
      subject: signed.loss,
      digest: signed.digest,
      decision: 'accept-loss',
      required: signersOfLoss,
      author: null,
    });
    if (quorum.kind === 'missing') {
      const { loss: id, digest } = signed;
      return { kind: 'waiting', loss: id, digest, total, have: quorum.have, required: signersOfLoss };
    }
    await tx.standing.haltBeyondLoss('loss-accepted', haltReason);
    for (const { rollout, ranges } of plan.work) {
      const limits = await limitsOf(tx, rollout);
      for (const range of ranges) await writeUnknown(tx, deps, range, limits);
    }
    for (const { rollout, track } of plan.closing)
      await tx.rollouts.addTrack(rollout.no, { track, members: 0, waveEnds: [0], soakSeconds: [0] });
    for (const subject of plan.lostStarts) await tx.standing.noteLostStart(subject);
    for (const journal of journals) await noteHeard(tx, journal);
    await tx.standing.skipNumbers();
    await tx.standing.clearBehind();
    await tx.losses.closeAll();
    await tx.ledger.append({
      chain: 'installation',
      event: 'deployment.loss-accepted',
      body: {
        chains: plan.chains.map(({ chain, agreedSeq, seenThrough }) => ({ chain, agreedSeq, seenThrough })),
        people: plan.people,
        everyone: request.isEveryone,
        lostStarts: [...plan.lostStarts],
        hosts: journals.map((journal) => journal.host),
        doubts: [...plan.doubts],
        loss: signed.loss,
        digest: signed.digest,
        by: quorum.by,
      },
      ...(request.vouched === null ? {} : { personal: { vouched: request.vouched } }),
    });
    return { kind: 'accepted', loss: previewOf(plan) };
  });
  if (done.kind === 'waiting') return done;
  // Only now: lost before, both would say that all is well while the database knows nothing of it.
  await deps.log.append(acceptedLine(deps, loss));
  for (const no of new Set(loss.permits.map((entry) => entry.rolloutNo))) deps.journal.close(no);
  return done;
}

/** What waits to be signed, where it is still this loss; else it is put forward anew, and everybody who decides is told. */
async function proposedLoss(
  tx: Tx,
  deps: AcceptLossDeps,
  plan: PlannedLoss,
  { isEveryone, vouched }: AcceptLossRequest,
): Promise<Pick<StoredLoss, 'loss' | 'digest'>> {
  const { deploymentId: deployment, directory } = deps;
  const hosts = journalsOf(deps).map((journal) => journal.host);
  const terms = { deployment, directory, isEveryone, vouched, hosts };
  const record = deps.digests.canonical(lossRecord(previewOf(plan), terms));
  const digest = deps.digests.sha256(record);
  const waiting = await tx.losses.waiting();
  if (waiting !== null && waiting.digest === digest) return waiting;
  const loss = await tx.losses.propose({ record, digest, total: plan.people, directory });
  await tx.ledger.append({
    chain: 'installation',
    event: 'deployment.loss-proposed',
    body: { loss, digest, people: plan.people, everyone: isEveryone, vouched: vouched !== null },
  });
  return { loss, digest };
}

/** What a person reads: without the rows that it is written down in. */
function previewOf({ work: _work, closing: _closing, ...preview }: PlannedLoss): LossPreview {
  return preview;
}

function journalsOf({ journal, otherJournals }: AcceptLossDeps): readonly HeardJournal[] {
  return [
    { host: journal.host, entries: journal.entries() },
    ...otherJournals.filter((one) => one.host !== journal.host),
  ];
}

function refuseUnfit(plan: PlannedLoss, request: AcceptLossRequest, total: number): void {
  if (plan.behind === null && plan.chains.length === 0) {
    throw new Failure('conflict', 'This database lacks nothing that is known outside of it. Nothing was done.');
  }
  if (plan.doubts.length > 0 && !request.isEveryone && request.vouched === null) {
    throw new Failure(
      'guardrail-failed',
      `More may be lost than is known: ${plan.doubts[0]}. Nothing was done. Add the journals (--journal FOLDER), or let everyone count as unknown (--everyone), or vouch for it (--vouch "how you know").`,
      { doubts: plan.doubts },
    );
  }
  if (plan.people !== total) {
    throw new Failure('total-mismatch', `${plan.people} people would become unknown, not ${total}. Nothing was done.`, {
      total: plan.people,
      typed: total,
    });
  }
}

async function limitsOf(tx: Tx, rollout: RolloutRow): Promise<PlanLimits> {
  const plan =
    rollout.kind === 'plan' ? (`plan_${rollout.subjectNo}` as const) : await retractionPlan(tx, rollout.subjectNo);
  const frozen = await tx.plans.read(plan);
  if (frozen === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
  return frozen.header.limits;
}

async function retractionPlan(tx: Tx, no: number): Promise<`plan_${number}`> {
  const retraction = await tx.retractions.read(`retraction_${no}`);
  if (retraction === null) throw new Failure('not-found', `There is no retraction_${no}.`);
  return retraction.plan as `plan_${number}`;
}

async function writeUnknown(tx: Tx, deps: AcceptLossDeps, range: LostRange, limits: PlanLimits): Promise<void> {
  const permit = await claimedRow(tx, range);
  const notes: { ordinal: number; attempt: number; state: string; note: string }[] = [];
  const outcome = permit.outcome.map((byte, index) => {
    if (byte !== claimedByte) return byte;
    notes.push({ ordinal: permit.fromOrdinal + index, attempt: permit.attempt, state: 'unknown', note });
    return unknownByte;
  });
  await settleWithin(tx, deps.digests, permit, limits, { outcome, notes, peerAway: false }, 'permit.recovered');
}

async function claimedRow(tx: Tx, range: LostRange): Promise<PermitRow> {
  switch (range.kind) {
    case 'open':
      return range.permit;
    case 'again':
      return tx.standing.claimAgain(range.permit, range.attempt, outcomesOf(range.permit.track).claimable, claimedByte);
    case 'beyond':
      return tx.standing.claimBeyond({ ...range, size: range.people, claimed: claimedByte });
    default:
      return assertNever(range);
  }
}

async function noteHeard(tx: Tx, { host, entries }: HeardJournal): Promise<void> {
  for (const ofRollout of Map.groupBy(entries, (entry) => entry.rolloutNo).values()) {
    const newest = ofRollout.reduce((best, entry) => (entry.seq > best.seq ? entry : best));
    await tx.standing.noteHeard(host, newest.hash);
  }
}

/** Signed by the ledger key, which is not in the database: nobody who only has that can pass a truncation off as this. */
function acceptedLine(deps: AcceptLossDeps, loss: Loss): string {
  const at = deps.clock.now().toISOString();
  const line = signedPart({ deployment: deps.deploymentId, at, heads: loss.agreed, lossAccepted: true });
  return deps.digests.canonical({ ...line, signature: deps.signer.sign(deps.digests.canonical(line)) });
}
