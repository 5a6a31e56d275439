import { sampleMails } from '../../domain/guardrail/judge-content.ts';
import type { MailLook } from '../../domain/guardrail/judge-content.ts';
import { deliveryByte } from '../../domain/notice/delivery-state.ts';
import { retryDelaySeconds } from '../../domain/rollout/permit.ts';
import type { Permit } from '../../domain/rollout/permit.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import { enterSuppressions, suppressAddresses } from '../notice/suppress-address.ts';
import type { DeadAddress } from '../notice/suppress-address.ts';
import type { Digests } from '../ports/digests.ts';
import type { OutcomeNote } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { claimedByte, outcomesOf, releasedByte } from './track-outcomes.ts';

/**
 * Whoever of a range was proved unsent when so many of its claims had been lost (crash upon crash), or had reached somebody else's dot, is
 * given up and shown, not tried for ever. A claim that only waited, or ended before anybody's dot, is none of them.
 */
const maxTries = 200;
/** Before a range whose peer could not be reached is claimed again. */
const releasedDelaySeconds = 1;
/** An account that could not be contained in all regular tries is tried this much later; meanwhile its wave shows it. */
const exhaustedDelaySeconds = 3_600;

/** A refusal may as well have come before it. */
const afterTheDot: ReadonlySet<number> = new Set((['accepted', 'unknown'] as const).map(deliveryByte));

export interface SettleDeps {
  readonly store: Store;
  readonly digests: Digests;
}

/** What a permit's holder, or whoever takes it back, found out about its members. */
export interface PermitFindings {
  readonly outcome: Uint8Array;
  readonly notes: readonly OutcomeNote[];
  /** Members left unsent because the peer was away: wait before the next try. */
  readonly peerAway: boolean;
  /** Whoever takes the mails wants to be left alone for this long, at least. */
  readonly waitSeconds?: number;
  /** Some were left for want of room in a rate: no try, and nobody is given up for it, however often it comes. */
  readonly heldByRate?: boolean;
  /** What the mails were like that were built for it, sent or not. What a lost worker saw is lost with it. */
  readonly mails?: readonly MailLook[];
  /** Addresses that the mail server said reach nobody. */
  readonly dead?: readonly DeadAddress[];
}

/** Where the settling stands in the rollout's chain. */
export interface SettledEntry {
  readonly seq: number;
  readonly hash: string;
}

/** Settles a permit with its ledger entry in one transaction. Null when the range was taken back meanwhile. */
export async function settlePermit(
  deps: SettleDeps,
  permit: Permit,
  limits: PlanLimits,
  findings: PermitFindings,
): Promise<SettledEntry | null> {
  return deps.store.transact((tx) => settleWithin(tx, deps.digests, permit, limits, findings, 'permit.settled'));
}

export async function settleWithin(
  tx: Tx,
  digests: Digests,
  permit: Permit,
  limits: PlanLimits,
  findings: PermitFindings,
  event: 'permit.settled' | 'permit.recovered',
): Promise<SettledEntry | null> {
  const hasDeferred = sendsMail(permit.track) && findings.outcome.includes(deliveryByte('deferred'));
  const tries = hasDeferred ? await tx.rollouts.deferralsOf(permit) : null;
  const isTry = event === 'permit.recovered' || reachedADot(permit, findings);
  const isLast = isTry && sendsMail(permit.track) && (await tx.rollouts.triesOf(permit)) + 1 >= maxTries;
  const closed = closeVector(permit, limits, findings, tries, isLast);
  refuseForbiddenMoves(permit, closed.outcome);
  const settled = await tx.rollouts.settlePermit({
    permit,
    isTry,
    outcome: closed.outcome,
    state: closed.again ? 'returned' : 'settled',
    dueInSeconds: closed.dueInSeconds,
    notes: closed.notes,
  });
  if (!settled) return null;
  const samples = sampleMails(findings.mails ?? []);
  const suppressed = await suppressAddresses(tx, findings.dead ?? []);
  if (samples.length > 0) await tx.rollouts.addMailSamples(permit.rolloutNo, permit.track, samples);
  const entry = await tx.ledger.append({
    chain: `rollout:${permit.rolloutNo}`,
    event,
    body: {
      track: permit.track,
      from: permit.fromOrdinal,
      size: permit.size,
      attempt: permit.attempt,
      state: closed.again ? 'returned' : 'settled',
      outcomes: digests.sha256(closed.outcome),
    },
  });
  await enterSuppressions(tx, permit.rolloutNo, permit.track, suppressed);
  return entry;
}

/** Of a range that waits for the rest, whoever was sent before is no try of those who wait. */
function reachedADot(permit: Permit, { outcome, heldByRate, peerAway }: PermitFindings): boolean {
  if (heldByRate === true || peerAway || !sendsMail(permit.track)) return false;
  return outcome.some((byte, index) => permit.outcome[index] === claimedByte && afterTheDot.has(byte));
}

/** A move that the track's table does not have is a fault of ours: nothing is written, and the permit is taken back later. */
function refuseForbiddenMoves(permit: Permit, outcome: Uint8Array): void {
  const outcomes = outcomesOf(permit.track);
  for (const [index, to] of outcome.entries()) {
    const from = permit.outcome[index] ?? claimedByte;
    if (from === to || outcomes.mayMove(from, to)) continue;
    throw new Failure(
      'internal',
      `A permit of ${permit.track} would move a member from ${outcomes.wordOf(from)} to ${outcomes.wordOf(to)}.`,
    );
  }
}

interface ClosedVector {
  readonly outcome: Uint8Array;
  readonly again: boolean;
  readonly dueInSeconds: number;
  readonly notes: readonly OutcomeNote[];
}

/** Whatever is still claimed was not acted on: released. What was tried often enough is given up, with a note. */
function closeVector(
  permit: Permit,
  limits: PlanLimits,
  findings: PermitFindings,
  deferrals: ReadonlyMap<number, number> | null,
  isLast: boolean,
): ClosedVector {
  const outcomes = outcomesOf(permit.track);
  const notes = new Map(findings.notes.map((note) => [note.ordinal, note]));
  const awaySeconds = findings.peerAway ? releasedDelaySeconds * Math.min(60, 2 ** (permit.attempt - 1)) : 0;
  let dueInSeconds = Math.max(awaySeconds, findings.waitSeconds ?? 0);
  const outcome = findings.outcome.map((byte, index) => {
    const left = byte === claimedByte ? releasedByte : byte;
    if (outcomes.isSettled(left) || left === releasedByte) return giveUp(permit, index, left, isLast, notes);
    // Claims under which nothing was tried (the server away, the domain paused) are no tries of this member.
    const tries = deferrals === null ? permit.attempt : (deferrals.get(permit.fromOrdinal + index) ?? 0) + 1;
    const retryInSeconds = retryDelaySeconds(limits, tries);
    if (deferrals !== null) noteDeferral(permit, index, notes);
    dueInSeconds = Math.max(dueInSeconds, retryInSeconds ?? exhaustedDelaySeconds);
    return giveUp(permit, index, left, retryInSeconds === null, notes);
  });
  return {
    outcome,
    again: outcome.some((byte) => !outcomes.isSettled(byte)),
    dueInSeconds,
    notes: [...notes.values()],
  };
}

/** Its tries are counted by its notes; a worker that was lost left none. */
function noteDeferral(permit: Permit, index: number, notes: Map<number, OutcomeNote>): void {
  const ordinal = permit.fromOrdinal + index;
  if (!notes.has(ordinal))
    notes.set(ordinal, {
      ordinal,
      attempt: permit.attempt,
      state: 'deferred',
      note: 'put off; why is not known any more',
    });
}

/** A mail that could not be delivered in time is withheld and listed. An account that could not be contained stays open: a person decides. */
function giveUp(
  permit: Permit,
  index: number,
  byte: number,
  exhausted: boolean,
  notes: Map<number, OutcomeNote>,
): number {
  if (!exhausted || !sendsMail(permit.track) || outcomesOf(permit.track).isSettled(byte)) return byte;
  const ordinal = permit.fromOrdinal + index;
  const last = notes.get(ordinal)?.note;
  notes.set(ordinal, {
    ordinal,
    attempt: permit.attempt,
    state: 'withheld',
    note: last === undefined ? 'gave up: tried too often' : `gave up: tried too often; last: ${last}`,
  });
  return deliveryByte('withheld');
}
