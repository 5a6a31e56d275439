import { extendedBy } from '../../domain/recovery/judge-code.ts';
import { recoveryLimits } from '../../domain/recovery/recovery-limits.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { SwapResult } from '../ports/directory.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { PasswordJudge } from '../ports/password-judge.ts';
import type { PasswordSchemes } from '../ports/password-scheme.ts';
import type { PasswordWriter } from '../ports/password-writer.ts';
import type { Recovery } from '../ports/recovery-store.ts';
import type { RestorePoint } from '../ports/restore-point-store.ts';
import type { Tx } from '../ports/store.ts';
import { openRestorePoint } from '../action/open-restore-point.ts';
import { findRecoverable } from './find-recoverable.ts';
import type { Recoverable } from './find-recoverable.ts';
import type { RecoveryDeps } from './recovery-deps.ts';
import { doneMail } from './recovery-mails.ts';

export interface SetPasswordDeps extends RecoveryDeps {
  readonly schemes: Pick<PasswordSchemes, 'verify'>;
  readonly hasher: PasswordHasher;
  readonly judge: PasswordJudge;
  readonly writer: PasswordWriter;
  /** Does what nobody waits for. */
  readonly afterwards: (work: () => Promise<void>) => void;
}

/** What the password itself lacks; any of them leaves the window open. */
export type UnfitPassword = 'too-short' | 'too-long' | 'guessable' | 'breached' | 'quarantined';

export type SetPasswordResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'unfit'; readonly why: UnfitPassword }
  | { readonly kind: 'waiting'; readonly opensAt: Date }
  /** No window, one that is over or was stopped, or an account that got another password meanwhile. */
  | { readonly kind: 'closed' }
  /** Nothing was changed, or it is not known: the same window takes another try. */
  | { readonly kind: 'unavailable' };

export type WindowStanding =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'waiting'; readonly opensAt: Date };

/** NIST SP 800-63B section 3.1.1.2 asks for 8 with another factor and 15 alone; strength is judged beside it. */
export const shortestPassword = 8;
/** Strength is judged over all of it, so it is bounded; better-auth and Django take no more than 128 either. */
export const longestPassword = 128;
/** Sessions are ended at once; a directory that is away for longer is told in the log. */
const endSessionsTries = 3;

/** Where a window stands, for the page that shows its form. Changes nothing. */
export async function readWindow(
  deps: Pick<RecoveryDeps, 'store' | 'secrets'>,
  window: string,
): Promise<WindowStanding> {
  if (window === '') return { kind: 'closed' };
  return deps.store.transact(async (tx) => {
    const recovery = await tx.recoveries.byWindow(deps.secrets.keyed('window', window));
    return recovery === null ? { kind: 'closed' } : standingOf(tx, recovery);
  });
}

/**
 * Gives an account that we quarantined the password that its holder has just chosen: over our own marker, and over
 * nothing else. No session is opened, so whatever else the service asks at sign-in it asks still. Every session is ended
 * and the restore point retired. Of many at once one wins; the same request again finds its password there and is done.
 */
export async function setNewPassword(
  deps: SetPasswordDeps,
  given: { readonly window: string; readonly password: string },
): Promise<SetPasswordResult> {
  if (given.window === '') return { kind: 'closed' };
  const windowHash = deps.secrets.keyed('window', given.window);
  const found = await deps.store.transact(async (tx) => {
    const recovery = await tx.recoveries.byWindow(windowHash);
    if (recovery === null) return null;
    const point = await tx.restorePoints.byId(recovery.restorePoint);
    return point === null
      ? null
      : {
          recovery,
          point,
          standing: await standingOf(tx, recovery),
          key: await tx.restorePoints.planKey(point.plan),
        };
  });
  if (found === null) return { kind: 'closed' };
  if (found.standing.kind !== 'open') return found.standing;
  const { recovery, point } = found;
  // Its bytes are gone once the plan is over: nothing of it can be compared any more, and nothing is set.
  if (point.sealed.length === 0) return { kind: 'closed' };
  const oldHash = await openRestorePoint(deps, found.key, point);
  const account = await findRecoverable(deps, recovery.accountId);
  if (account === null) return finishIfSet(deps, recovery, point, given.password);
  const why = await findUnfit(deps, given.password, oldHash, account);
  if (why !== null) return { kind: 'unfit', why };
  const hash = await deps.hasher.hash(given.password, oldHash);

  const isClaimed = await deps.store.transact(async (tx) => {
    const locked = await tx.recoveries.lockByWindow(windowHash);
    if (locked === null || (await standingOf(tx, locked)).kind !== 'open') return false;
    const now = await tx.recoveries.now();
    const { settingAt } = locked;
    if (settingAt !== null && now.getTime() - settingAt.getTime() < recoveryLimits.settingSeconds * 1_000) return false;
    await tx.recoveries.noteSetting(locked.no, true);
    return true;
  });
  if (!isClaimed) return { kind: 'unavailable' };
  const result = await writeAndReadBack(deps, point, given.password, hash);
  if (result === 'unknown') return { kind: 'unavailable' };
  if (result === 'unsent') {
    await deps.store.transact((tx) => tx.recoveries.noteSetting(recovery.no, false));
    return { kind: 'unavailable' };
  }
  if (result !== 'swapped' && result !== 'already') return { kind: 'closed' };
  await finish(deps, recovery, point, account);
  return { kind: 'done' };
}

async function standingOf(tx: Tx, recovery: Recovery): Promise<WindowStanding> {
  const { typedAt, opensAt, windowEndsAt } = recovery;
  if (typedAt === null || opensAt === null || windowEndsAt === null) return { kind: 'closed' };
  if (recovery.revokedAt !== null || recovery.doneAt !== null) return { kind: 'closed' };
  if (recovery.way === 'delayed' && recovery.warnedAt === null) return { kind: 'closed' };
  const now = await tx.recoveries.now();
  if (now < opensAt) return { kind: 'waiting', opensAt };
  return now < extendedBy(windowEndsAt, await tx.recoveries.haltedMs(recovery.plan, typedAt))
    ? { kind: 'open' }
    : { kind: 'closed' };
}

/** The cheap questions first; the seal last, since it costs a hash. */
async function findUnfit(
  deps: SetPasswordDeps,
  password: string,
  oldHash: string,
  { addresses }: Recoverable,
): Promise<UnfitPassword | null> {
  const length = [...password].length;
  if (length < shortestPassword) return 'too-short';
  const mostBytes = deps.hasher.longestBytes(oldHash);
  if (length > longestPassword || (mostBytes !== null && utf8Bytes(password) > mostBytes)) return 'too-long';
  const known = [deps.serviceName, ...addresses.flatMap((address) => [address, ...address.split(/[@.]/)])];
  const verdict = await deps.judge.judge(password, known);
  if (verdict !== 'fine') return verdict;
  return (await deps.schemes.verify(password, oldHash)) ? 'quarantined' : null;
}

/** `unsent`: the directory answered, and our marker stands. `unknown`: nothing could be read; it may have been done. */
async function writeAndReadBack(
  deps: SetPasswordDeps,
  point: RestorePoint,
  password: string,
  hash: string,
): Promise<SwapResult | 'unsent' | 'unknown'> {
  const { accountId, marker } = point;
  let result: SwapResult | null = null;
  try {
    result = await deps.writer.setPassword({ accountId, marker, hash });
  } catch {
    deps.warn({ restorePoint: point.id }, 'the directory gave no answer to a new password; it is read back');
  }
  if (result === 'swapped' || result === 'missing') return result;
  try {
    const stored = (await deps.directory.readCredentials([accountId])).get(accountId) ?? '';
    if (stored === marker) return 'unsent';
    // Our own write of a moment ago, or the same request once more: the password that was typed is the one that stands.
    return (await deps.schemes.verify(password, stored)) ? 'already' : 'changed';
  } catch {
    return 'unknown';
  }
}

/** The account carries no marker any more: set by this very window before a crash, or by somebody else. */
async function finishIfSet(
  deps: SetPasswordDeps,
  recovery: Recovery,
  point: RestorePoint,
  password: string,
): Promise<SetPasswordResult> {
  if (recovery.settingAt === null) return { kind: 'closed' };
  const stored = (await deps.directory.readCredentials([point.accountId])).get(point.accountId) ?? '';
  if (!(await deps.schemes.verify(password, stored))) return { kind: 'closed' };
  await finish(deps, recovery, point, null);
  return { kind: 'done' };
}

async function finish(
  deps: SetPasswordDeps,
  recovery: Recovery,
  point: RestorePoint,
  account: Recoverable | null,
): Promise<void> {
  const sessionsEnded = await endSessions(deps, point);
  const done = await deps.store.transact(async (tx) => {
    // Of two that find the same password there one has done it.
    if (!(await tx.recoveries.noteDone(recovery.no))) return null;
    await tx.restorePoints.close([point.id], 'retired', 'recovery');
    const [target] = await tx.plans.targetsOf(recovery.plan, [point.accountId]);
    const rollout = await tx.rollouts.find('plan', numberOf(recovery.plan));
    await tx.ledger.append({
      chain: rollout === null ? 'installation' : `rollout:${rollout.no}`,
      event: 'recovery.done',
      body: { recovery: recovery.no, restorePoint: point.id, sessionsEnded },
    });
    return { at: await tx.recoveries.now(), frozen: target?.address ?? null, language: target?.language ?? null };
  });
  if (done === null) return;
  const addresses = account?.addresses ?? (done.frozen === null ? [] : [done.frozen]);
  // Its holder is not kept waiting for a mail server.
  deps.afterwards(async () => {
    for (const to of addresses) {
      const letter = {
        to,
        language: account?.language ?? done.language,
        reference: `recovery-${recovery.no}`,
        service: deps.serviceName,
        contact: deps.supportContact,
        url: deps.recoverUrl,
      };
      const outcome = await deps.mailer.send(doneMail(letter, done.at));
      if (outcome !== 'accepted')
        deps.warn({ recovery: recovery.no, outcome }, 'a new password could not be confirmed');
    }
  });
}

/** Null where the directory cannot end sessions or did not answer: the ledger then names no number. */
async function endSessions({ directory, warn }: SetPasswordDeps, point: RestorePoint): Promise<number | null> {
  if (!directory.capabilities.endSessions) return null;
  for (let attempt = 1; attempt <= endSessionsTries; attempt += 1) {
    try {
      return (await directory.endSessions([point.accountId])).get(point.accountId) ?? null;
    } catch {
      warn({ restorePoint: point.id, attempt }, 'sessions could not be ended after a new password was set');
    }
  }
  return null;
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const symbol of text) {
    const point = symbol.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
