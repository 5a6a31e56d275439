import { recoveryLimits } from '../../domain/recovery/recovery-limits.ts';
import type { RecoveryDeps } from './recovery-deps.ts';
import { codeMail } from './recovery-mails.ts';
import { findRecoverable } from './find-recoverable.ts';

export interface RecoveryAsk {
  /** As typed. */
  readonly address: string;
  /** What the asking browser holds. */
  readonly browser: string;
  /** Where it asks from, as limits count it. */
  readonly network: string;
}

/** For the log and for tests: a page never hears it. */
export type AskOutcome = 'nothing-to-recover' | 'too-many-codes' | 'accepted' | 'refused' | 'unknown' | 'unsent';

/** Longer is no address (RFC 5321 section 4.5.3.1), and is not looked for. */
const longestAddress = 320;

/**
 * Writes a code to the holder of an account that we quarantined. Whoever asked learns nothing from it, not even by the
 * time it takes: it is run after they were answered.
 */
export async function askRecovery(deps: RecoveryDeps, ask: RecoveryAsk): Promise<AskOutcome> {
  const typed = ask.address.trim();
  if (typed === '' || typed.length > longestAddress) return 'nothing-to-recover';
  const accountId = (await deps.directory.findByAddresses([typed])).get(typed);
  const found = accountId === undefined ? null : await findRecoverable(deps, accountId);
  if (found === null) return 'nothing-to-recover';
  const { point, rolloutNo, way } = found;
  const { secrets } = deps;
  const code = secrets.newCode();
  const networkHash = secrets.keyed('network', ask.network);
  const no = await deps.store.transact(async (tx) => {
    await tx.recoveries.lockAccount(point.directory, point.accountId);
    const asked = await tx.recoveries.countAsked(point.directory, point.accountId, networkHash);
    const { codesPerDay, codesPerDayFromOneNetwork } = recoveryLimits;
    if (asked.all >= codesPerDay || asked.fromNetwork >= codesPerDayFromOneNetwork) return null;
    const added = await tx.recoveries.add({
      restorePoint: point.id,
      plan: point.plan,
      directory: point.directory,
      accountId: point.accountId,
      way,
      browserHash: secrets.keyed('browser', ask.browser),
      networkHash,
      codeHash: secrets.keyed('code', `${point.id}:${code}`),
      codeMinutes: recoveryLimits.codeMinutes,
    });
    await tx.ledger.append({
      chain: `rollout:${rolloutNo}`,
      event: 'recovery.asked',
      body: { recovery: added, restorePoint: point.id, way },
    });
    return added;
  });
  if (no === null) return 'too-many-codes';
  const letter = {
    to: found.address,
    language: found.language,
    reference: `recovery-${no}`,
    service: deps.serviceName,
    contact: deps.supportContact,
    url: deps.recoverUrl,
  };
  const outcome = await deps.mailer.send(codeMail(letter, code, way === 'delayed' ? deps.delayHours : null));
  await deps.store.transact((tx) => tx.recoveries.noteMail(no, outcome));
  return outcome;
}
