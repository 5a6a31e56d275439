import { containOutcomeCodes, containStateOf, isFinalContain } from '../../domain/action/contain-outcome.ts';
import { isFinalRestore, restoreOutcomeCodes, restoreStateOf } from '../../domain/action/restore-outcome.ts';
import { deliveryByte, deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import { isClaimable as isClaimableDelivery, isInFlight } from '../../domain/notice/delivery-transitions.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';

/** How the bytes of a track's outcome vectors read. Bytes 0, 1 and 9 are created, claimed and released on every track. */
export interface TrackOutcomes {
  wordOf(byte: number): string;
  /** A permit may take this member and act. */
  readonly claimable: readonly number[];
  /** No permit has anything more to do for this member. */
  isSettled(byte: number): boolean;
}

export const createdByte = 0;
export const claimedByte = 1;
export const releasedByte = 9;

const mail: TrackOutcomes = {
  wordOf: deliveryStateOf,
  claimable: (['created', 'deferred', 'released'] as const).map(deliveryByte),
  isSettled: (byte) => !isClaimableDelivery(deliveryStateOf(byte)) && !isInFlight(deliveryStateOf(byte)),
};

const contain: TrackOutcomes = {
  wordOf: containStateOf,
  claimable: [containOutcomeCodes.created, containOutcomeCodes.failed, containOutcomeCodes.released],
  isSettled: (byte) => isFinalContain(containStateOf(byte)),
};

const restore: TrackOutcomes = {
  wordOf: restoreStateOf,
  claimable: [restoreOutcomeCodes.created, restoreOutcomeCodes.failed, restoreOutcomeCodes.released],
  isSettled: (byte) => isFinalRestore(restoreStateOf(byte)),
};

export function outcomesOf(track: Track): TrackOutcomes {
  if (sendsMail(track)) return mail;
  return track === 'contain' ? contain : restore;
}
