import { Failure } from '../../domain/shared/failure.ts';
import { openRestorePoint } from '../action/open-restore-point.ts';
import type { Seal } from '../ports/seal.ts';
import type { Store } from '../ports/store.ts';
import type { CheckFinding } from './finding.ts';
import { failing, sound } from './finding.ts';

export interface CheckSealsDeps {
  readonly store: Store;
  readonly seal: Seal;
  readonly deployment: string;
  /** Of the sealing key that this machine holds. */
  readonly fingerprint: string;
}

const runbook = 'See docs/runbooks/lost-key.md.';

/** Proves that a quarantined password could be given back now: opens the newest sealed one, and forgets it at once. */
export async function checkSeals(deps: CheckSealsDeps): Promise<CheckFinding> {
  const check = 'unseal proof';
  const { keys, point, planKey } = await deps.store.transact(async (tx) => {
    const id = await tx.operation.newestSealed();
    const newest = id === null ? null : await tx.restorePoints.byId(id);
    return {
      keys: await tx.operation.sealingKeys(),
      point: newest,
      planKey: newest === null ? null : await tx.restorePoints.planKey(newest.plan),
    };
  });
  const foreign = keys.filter((key) => key.keyId !== deps.fingerprint);
  if (foreign.length > 0) {
    const named = foreign.map((key) => `${key.keyId} (${key.plans} plans)`).join(', ');
    return failing(
      check,
      `sealed under ${named}, and this machine holds ${deps.fingerprint}`,
      `Name the file of that key in ALLCLEAR_SEAL_KEY_FILE. ${runbook}`,
    );
  }
  if (point === null) return sound(check, 'nothing is sealed now');
  try {
    await openRestorePoint(deps, planKey, point);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return failing(check, error.message, runbook);
  }
  return sound(check, `${point.id} of ${point.plan} opens`);
}
