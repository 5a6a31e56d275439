import { parseCode } from '../../domain/recovery/recovery-code.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

/**
 * Stops a recovery that waits, by the code that was written to every address of its holder. It gives nobody anything: a
 * stopped recovery has to be begun anew. False for every other code.
 */
export async function revokeRecovery(
  { store, secrets }: Pick<RecoveryDeps, 'store' | 'secrets'>,
  typed: { readonly code: string },
): Promise<boolean> {
  const code = parseCode(typed.code);
  if (code === null) return false;
  return store.transact(async (tx) => {
    const recovery = await tx.recoveries.lockByRevocation(secrets.keyed('revoke', code));
    if (recovery === null || recovery.doneAt !== null || recovery.revokedAt !== null) return false;
    await tx.recoveries.noteRevoked(recovery.no);
    const rollout = await tx.rollouts.find('plan', numberOf(recovery.plan));
    await tx.ledger.append({
      chain: rollout === null ? 'installation' : `rollout:${rollout.no}`,
      event: 'recovery.revoked',
      body: { recovery: recovery.no, restorePoint: recovery.restorePoint },
    });
    return true;
  });
}
