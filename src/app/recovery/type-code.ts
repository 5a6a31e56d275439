import { mayTry } from '../../domain/recovery/judge-code.ts';
import { parseCode } from '../../domain/recovery/recovery-code.ts';
import { recoveryLimits } from '../../domain/recovery/recovery-limits.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { Recovery } from '../ports/recovery-store.ts';
import type { Tx } from '../ports/store.ts';
import { findRecoverable } from './find-recoverable.ts';
import type { RecoveryDeps } from './recovery-deps.ts';
import { waitingMail } from './recovery-mails.ts';

export type TypedCode =
  /** The same for a wrong code, a used or expired one, and for a browser that never asked. */
  | { readonly kind: 'refused' }
  /** The holder could not be told that a password waits, so nothing waits. */
  | { readonly kind: 'nobody-told' }
  /** `window`: what the browser holds from now on. `opensAt` lies ahead where the mailbox is in doubt. */
  | { readonly kind: 'typed'; readonly window: string; readonly opensAt: Date; readonly isWaiting: boolean };

/**
 * Takes a code from the browser that asked for it. Of many that type it at once one wins. A code that is not whole, or
 * comes from another browser, uses up no try: nobody can lock a holder out by guessing.
 */
export async function typeCode(
  deps: RecoveryDeps,
  typed: { readonly code: string; readonly browser: string },
): Promise<TypedCode> {
  const code = parseCode(typed.code);
  if (code === null || typed.browser === '') return { kind: 'refused' };
  const { secrets, store } = deps;
  const window = secrets.newToken();
  const revokeCode = secrets.newCode();
  const opened = await store.transact(async (tx) => {
    const waiting = await tx.recoveries.lockWaiting(
      secrets.keyed('browser', typed.browser),
      recoveryLimits.codesPerBrowser,
    );
    const live = await liveOf(tx, waiting, deps.missesPerHour);
    if (live.length === 0) return null;
    const right = live.find((one) =>
      secrets.isSame(one.codeHash, secrets.keyed('code', `${one.restorePoint}:${code}`)),
    );
    if (right === undefined) {
      await tx.recoveries.addTry(live.map((one) => one.no));
      await noteMiss(deps, tx);
      return null;
    }
    const isDelayed = right.way === 'delayed';
    const recovery = await tx.recoveries.openWindow(right.no, {
      windowHash: secrets.keyed('window', window),
      revokeHash: isDelayed ? secrets.keyed('revoke', revokeCode) : null,
      waitHours: isDelayed ? deps.delayHours : 0,
      openMinutes: isDelayed ? recoveryLimits.delayedWindowHours * 60 : recoveryLimits.windowMinutes,
    });
    const rollout = await tx.rollouts.find('plan', numberOf(recovery.plan));
    await tx.ledger.append({
      chain: rollout === null ? 'installation' : `rollout:${rollout.no}`,
      event: 'recovery.code-typed',
      body: { recovery: recovery.no, restorePoint: recovery.restorePoint, way: recovery.way },
    });
    return recovery;
  });
  if (opened === null || opened.opensAt === null) return { kind: 'refused' };
  const isWaiting = opened.way === 'delayed';
  if (isWaiting && !(await warnEverybody(deps, opened, opened.opensAt, revokeCode))) return { kind: 'nobody-told' };
  return { kind: 'typed', window, opensAt: opened.opensAt, isWaiting };
}

async function liveOf(tx: Tx, waiting: readonly Recovery[], missesPerHour: number): Promise<readonly Recovery[]> {
  if (waiting.length === 0) return [];
  const now = await tx.recoveries.now();
  const isTripped = (await tx.recoveries.misses()) >= missesPerHour;
  const live: Recovery[] = [];
  for (const one of waiting) {
    const haltedMs = await tx.recoveries.haltedMs(one.plan, one.askedAt);
    if (mayTry({ expiresAt: one.expiresAt, tries: one.tries, haltedMs }, now, isTripped)) live.push(one);
  }
  return live;
}

async function noteMiss(deps: RecoveryDeps, tx: Tx): Promise<void> {
  const misses = await tx.recoveries.addMiss();
  if (misses !== deps.missesPerHour) return;
  deps.warn({ misses }, 'very many recovery codes were typed wrongly in one hour: each code takes one try now');
  await tx.ledger.append({ chain: 'installation', event: 'recovery.tripped', body: { misses } });
}

/** Every address hears that a password waits; where none could be reached, it does not wait any more. */
async function warnEverybody(
  deps: RecoveryDeps,
  recovery: Recovery,
  opensAt: Date,
  revokeCode: string,
): Promise<boolean> {
  const found = await findRecoverable(deps, recovery.accountId);
  let told = 0;
  for (const to of found?.addresses ?? []) {
    const letter = {
      to,
      language: found?.language ?? null,
      reference: `recovery-${recovery.no}`,
      service: deps.serviceName,
      contact: deps.supportContact,
      url: deps.recoverUrl,
    };
    const outcome = await deps.mailer.send(waitingMail(letter, revokeCode, opensAt));
    if (outcome === 'accepted') told += 1;
  }
  const isTold = found !== null && told === found.addresses.length;
  await deps.store.transact(({ recoveries }) =>
    isTold ? recoveries.noteWarned(recovery.no) : recoveries.noteRevoked(recovery.no),
  );
  return isTold;
}
