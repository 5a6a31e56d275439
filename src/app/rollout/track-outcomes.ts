import {
  containOutcomeCodes,
  containStateOf,
  isFinalContain,
  mayMoveContain,
} from '../../domain/action/contain-outcome.ts';
import {
  isFinalRestore,
  mayMoveRestore,
  restoreOutcomeCodes,
  restoreStateOf,
} from '../../domain/action/restore-outcome.ts';
import { deliveryByte, deliveryStateOf, deliveryStates } from '../../domain/notice/delivery-state.ts';
import { isClaimable as isClaimableDelivery, isInFlight, mayMove } from '../../domain/notice/delivery-transitions.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';

/** How the bytes of a track's outcome vectors read. Bytes 0, 1, 8 and 9 are created, claimed, unknown and released on every track. */
export interface TrackOutcomes {
  wordOf(byte: number): string;
  /** A permit may take this member and act. */
  readonly claimable: readonly number[];
  /** No permit has anything more to do for this member. */
  isSettled(byte: number): boolean;
  /** Whether the track's one table of moves has this one. */
  mayMove(from: number, to: number): boolean;
}

export const claimedByte = 1;
export const unknownByte = 8;
export const releasedByte = 9;

const mail: TrackOutcomes = {
  wordOf: deliveryStateOf,
  claimable: deliveryStates.filter(isClaimableDelivery).map(deliveryByte),
  isSettled: (byte) => !isClaimableDelivery(deliveryStateOf(byte)) && !isInFlight(deliveryStateOf(byte)),
  mayMove: (from, to) => mayMove(deliveryStateOf(from), deliveryStateOf(to)),
};

const contain: TrackOutcomes = {
  wordOf: containStateOf,
  claimable: Object.values(containOutcomeCodes).filter((code) => mayMoveContain(containStateOf(code), 'claimed')),
  isSettled: (byte) => isFinalContain(containStateOf(byte)),
  mayMove: (from, to) => mayMoveContain(containStateOf(from), containStateOf(to)),
};

const restore: TrackOutcomes = {
  wordOf: restoreStateOf,
  claimable: Object.values(restoreOutcomeCodes).filter((code) => mayMoveRestore(restoreStateOf(code), 'claimed')),
  isSettled: (byte) => isFinalRestore(restoreStateOf(byte)),
  mayMove: (from, to) => mayMoveRestore(restoreStateOf(from), restoreStateOf(to)),
};

export function outcomesOf(track: Track): TrackOutcomes {
  if (sendsMail(track)) return mail;
  return track === 'contain' ? contain : restore;
}
