import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AccountId } from '../../domain/shared/ids.ts';
import { restorePointNumber } from '../../domain/action/restore-point.ts';

const scheme = 'allclear-q1';
/** 128 bits: nobody can guess the marker of another account's restore point. */
const macBytes = 16;

/**
 * `allclear-q1$<restore point>$<MAC>:-`. The end is for better-auth, which splits a hash at `:` and fails with an
 * error instead of a refusal where either part is empty; `-` is no hex, so that no password's key can equal it.
 */
const pattern = /^allclear-q1\$(rp_[0-9]{1,16})\$([0-9a-f]{32}):-$/;

export function makeMarker(key: KeyObject, directory: string, accountId: AccountId, restorePoint: string): string {
  return `${scheme}$${restorePoint}$${mac(key, directory, accountId, restorePoint).toString('hex')}:-`;
}

/** The restore point that a stored credential names, if we made that marker for this very account; else null. */
export function readMarker(key: KeyObject, directory: string, accountId: AccountId, stored: string): string | null {
  const match = pattern.exec(stored);
  const restorePoint = match?.[1];
  const claimed = match?.[2];
  if (restorePoint === undefined || claimed === undefined || restorePointNumber(restorePoint) === null) return null;
  const expected = mac(key, directory, accountId, restorePoint);
  return timingSafeEqual(Buffer.from(claimed, 'hex'), expected) ? restorePoint : null;
}

/** A JSON array of strings reads back in one way only, so no two triples share a MAC input. */
function mac(key: KeyObject, directory: string, accountId: AccountId, restorePoint: string): Buffer {
  const input = JSON.stringify([scheme, directory, accountId, restorePoint]);
  return createHmac('sha256', key).update(input).digest().subarray(0, macBytes);
}
