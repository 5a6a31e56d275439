import type { LiveCredential } from '../../domain/action/live-credential.ts';
import { restorePointNumber } from '../../domain/action/restore-point.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import { mostAccountsAtOnce } from '../action/action-deps.ts';
import { readLiveCredentials } from '../action/read-live-credentials.ts';
import type { RestorePoint } from '../ports/restore-point-store.ts';
import { lifetimeOf, plansAtOnce } from './find-due.ts';
import type { RetentionDeps } from './retention-deps.ts';

/** Of one plan in one run: a million accounts, a thousand reads of the directory. The rest is looked at in an hour. */
const pagesAtMost = 1_000;

/**
 * Closes the open restore points of people who have chosen a newer password since: theirs stays, so the old one will
 * never be given back. A plan that runs, or is being taken back, is left alone. Throws `directory-unavailable`.
 */
export async function retireRecovered(deps: RetentionDeps): Promise<number> {
  const plans = await deps.store.transact((tx) => tx.retention.plansWithKeys(plansAtOnce));
  let retired = 0;
  for (const plan of plans) {
    const { isRunning } = await deps.store.transact((tx) => lifetimeOf(tx, plan));
    if (!isRunning) retired += await retireOf(deps, plan);
  }
  return retired;
}

async function retireOf(deps: RetentionDeps, plan: PlanId): Promise<number> {
  let retired = 0;
  let after = 0;
  for (let page = 0; page < pagesAtMost && !deps.isStopping(); page += 1) {
    const points = await deps.store.transact((tx) => tx.restorePoints.pageOfPlan(plan, after, mostAccountsAtOnce));
    const open = points.filter((point) => point.state === 'open' && point.directory === deps.directory.name);
    const live = await readLiveCredentials(
      deps,
      open.map((point) => point.accountId),
    );
    const newer = open.filter((point) => isNewer(live.of(point.accountId), point)).map((point) => point.id);
    if (newer.length > 0) await deps.store.transact((tx) => tx.restorePoints.close(newer, 'retired', 'recovered'));
    retired += newer.length;
    const last = points.at(-1);
    if (last === undefined || points.length < mostAccountsAtOnce) break;
    after = restorePointNumber(last.id) ?? after;
  }
  return retired;
}

/** Only a hash that is neither our marker nor the old password's is proof that its holder came back. */
function isNewer(live: LiveCredential, point: RestorePoint): boolean {
  return live.kind === 'hash' && live.digest !== point.hashDigest;
}
