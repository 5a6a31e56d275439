import type { Permit } from '../../domain/rollout/permit.ts';
import type { OutcomeNote } from '../ports/rollout-store.ts';
import type { PermitFindings } from './settle-permit.ts';
import { claimedByte } from './track-outcomes.ts';

/** Asked before each irrevocable call: the fence, the permit's own clock, the HALT file. */
export type MayAct = () => boolean;

export interface MemberOutcome {
  readonly ordinal: number;
  readonly byte: number;
  readonly note: OutcomeNote | null;
}

/** Accounts of one directory call: what may still happen after a halt. */
const accountsPerCall = 10;

/**
 * Calls `act` for the permit's open members, a few at a time. After a refusal of `mayAct`, or when the peer is away,
 * the rest stays claimed and is released when the permit is settled.
 */
export async function actOnMembers(
  permit: Permit,
  unknownByte: number,
  mayAct: MayAct,
  act: (ordinals: ReadonlySet<number>) => Promise<readonly MemberOutcome[]>,
): Promise<PermitFindings> {
  const outcome = Uint8Array.from(permit.outcome);
  const notes: OutcomeNote[] = [];
  const open = [...permit.outcome.keys()].filter(
    (index) => outcome[index] === claimedByte || outcome[index] === unknownByte,
  );
  for (let start = 0; start < open.length; start += accountsPerCall) {
    if (!mayAct()) return { outcome, notes, peerAway: false };
    const ordinals = new Set(open.slice(start, start + accountsPerCall).map((index) => permit.fromOrdinal + index));
    let results: readonly MemberOutcome[];
    try {
      results = await act(ordinals);
    } catch {
      return { outcome, notes, peerAway: true };
    }
    for (const result of results) {
      outcome[result.ordinal - permit.fromOrdinal] = result.byte;
      if (result.note !== null) notes.push(result.note);
    }
  }
  return { outcome, notes, peerAway: false };
}
