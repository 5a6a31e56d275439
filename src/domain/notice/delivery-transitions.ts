import type { DeliveryState } from './delivery-state.ts';

/**
 * Every move that a delivery may make (I8). The one table: stores, senders and event intake ask `mayMove`.
 *
 * `claimed`: a permit holds the person, no dot intent is recorded. `sending`: the dot intent is recorded, so the mail may
 * be out from here on and nothing leads back to an unsent state, a crash included. `deferred` and `released` are proved
 * unsent and may be claimed again under the next attempt. A provider's late word about an unknown goes through `accepted`
 * (a bounce proves that it was taken first): two moves, each in the ledger.
 */
const moves: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  created: ['claimed', 'withheld', 'suppressed', 'rehearsed'],
  claimed: ['sending', 'accepted', 'deferred', 'refused', 'unknown', 'released', 'withheld', 'suppressed'],
  sending: ['accepted', 'deferred', 'refused', 'unknown'],
  accepted: ['bounced', 'complained'],
  deferred: ['claimed', 'withheld', 'suppressed'],
  refused: [],
  bounced: [],
  complained: [],
  unknown: ['accepted', 'refused'],
  released: ['claimed', 'withheld', 'suppressed'],
  withheld: [],
  suppressed: [],
  rehearsed: [],
};

export function mayMove(from: DeliveryState, to: DeliveryState): boolean {
  return moves[from].includes(to);
}

/** Proved unsent: a permit may take this person. */
export function isClaimable(state: DeliveryState): boolean {
  return mayMove(state, 'claimed');
}

/** The sender still has work in hand; a rollout is drained when nobody is in flight. */
export function isInFlight(state: DeliveryState): boolean {
  return state === 'claimed' || state === 'sending';
}

/**
 * The person may have read it: the exact recipients of a correction (I9). A bounced notice was taken and came back, so
 * its addressee is listed as unreachable rather than written to again at the address that failed.
 */
export function mayHaveReached(state: DeliveryState): boolean {
  return correctionWords(state) !== 'none';
}

/** How a correction speaks of the notice: as sent, as perhaps sent, or not at all because nobody got it. */
export function correctionWords(state: DeliveryState): 'plain' | 'conditional' | 'none' {
  if (state === 'accepted' || state === 'complained') return 'plain';
  return state === 'unknown' ? 'conditional' : 'none';
}

/** Proved that the person was not told by this notice, and that nothing is under way: the *untold* of "contained, untold". */
export function isUntold(state: DeliveryState): boolean {
  return !mayHaveReached(state) && !isInFlight(state) && state !== 'rehearsed';
}
