import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AccountId } from '../../domain/shared/ids.ts';
import { restorePointNumber } from '../../domain/action/restore-point.ts';
import { suspensionNumber } from '../../domain/action/suspension.ts';

const scheme = 'allclear-q1';
/** 128 bits: nobody can guess the marker of another account's restore point. */
const macBytes = 16;

/**
 * `allclear-q1$<restore point>$<MAC>:-`. The end is for better-auth, which splits a hash at `:` and fails with an
 * error instead of a refusal where either part is empty; `-` is no hex, so that no password's key can equal it.
 */
const pattern = /^allclear-q1\$(rp_[0-9]{1,16})\$([0-9a-f]{32}):-$/;

export function makeMarker(key: KeyObject, directory: string, accountId: AccountId, restorePoint: string): string {
  return `${scheme}$${restorePoint}$${mac(key, scheme, directory, accountId, restorePoint).toString('hex')}:-`;
}

/** The restore point that a stored credential names, if we made that marker for this very account; else null. */
export function readMarker(key: KeyObject, directory: string, accountId: AccountId, stored: string): string | null {
  const match = pattern.exec(stored);
  const restorePoint = match?.[1];
  const claimed = match?.[2];
  if (restorePoint === undefined || claimed === undefined || restorePointNumber(restorePoint) === null) return null;
  const expected = mac(key, scheme, directory, accountId, restorePoint);
  return timingSafeEqual(Buffer.from(claimed, 'hex'), expected) ? restorePoint : null;
}

const suspensionScheme = 'allclear-s1';

/** What stands in a column of its own and is no credential: it needs no form that a password's hash could not have. */
const suspensionPattern = /^allclear-s1\$(sus_[0-9]{1,16})\$([0-9a-f]{32})$/;

export function makeSuspensionMark(
  key: KeyObject,
  directory: string,
  accountId: AccountId,
  suspension: string,
): string {
  return `${suspensionScheme}$${suspension}$${mac(key, suspensionScheme, directory, accountId, suspension).toString('hex')}`;
}

/** The suspension that a stored mark names, if we made that mark for this very account; else null. */
export function readSuspensionMark(
  key: KeyObject,
  directory: string,
  accountId: AccountId,
  stored: string,
): string | null {
  const match = suspensionPattern.exec(stored);
  const suspension = match?.[1];
  const claimed = match?.[2];
  if (suspension === undefined || claimed === undefined || suspensionNumber(suspension) === null) return null;
  const expected = mac(key, suspensionScheme, directory, accountId, suspension);
  return timingSafeEqual(Buffer.from(claimed, 'hex'), expected) ? suspension : null;
}

/** A JSON array of strings reads back in one way only, so no two inputs share a MAC. */
function mac(key: KeyObject, of: string, directory: string, accountId: AccountId, named: string): Buffer {
  const input = JSON.stringify([of, directory, accountId, named]);
  return createHmac('sha256', key).update(input).digest().subarray(0, macBytes);
}
