import type { PlanId } from '../../domain/shared/ids.ts';
import type { ActionDeps } from './action-deps.ts';
import { refuseUnfitRequest } from './action-deps.ts';
import { readLiveCredentials } from './read-live-credentials.ts';

/**
 * Longer than any service takes from reading a hash to opening the session, a busy one included: better-auth needs
 * about 0.1 s, and whoever signs in gives up before this.
 */
const signInTakesAtMostSeconds = 60;

/**
 * Looks once more at accounts whose sessions this plan ended a minute ago: a sign-in that had read the old hash before
 * it was taken opens its session afterwards, and would keep it for as long as the service lets sessions live. While an
 * account carries our marker nobody signs in by password, so its sessions are ended again; whoever chose a new
 * password meanwhile keeps theirs. At most 1,000 accounts a call; answers how many were due, 0 when nothing is.
 *
 * Throws when the directory cannot be reached: nothing is recorded, and the next call looks at the same accounts.
 */
export async function endLateSessions(
  deps: ActionDeps,
  { plan, directory }: { readonly plan: PlanId; readonly directory: string },
): Promise<number> {
  refuseUnfitRequest(deps, directory, []);
  const due = await deps.store.transact(({ restorePoints }) =>
    restorePoints.dueForLateSessions(plan, directory, signInTakesAtMostSeconds),
  );
  if (due.length === 0) return 0;
  const live = await readLiveCredentials(
    deps,
    due.map((point) => point.accountId),
  );
  const quarantined = due.filter((point) => {
    const credential = live.of(point.accountId);
    return credential.kind === 'marker' && credential.restorePoint === point.id;
  });
  const ended = await deps.directory.endSessions(quarantined.map((point) => point.accountId));
  const counts = new Map(due.map((point) => [point.id, ended.get(point.accountId) ?? 0]));
  await deps.store.transact(({ restorePoints }) => restorePoints.recordLateSessionsEnded(counts));
  return due.length;
}

/** The same for every plan of the directory that has accounts due; answers how many accounts were due. */
export async function endAllLateSessions(deps: ActionDeps): Promise<number> {
  const directory = deps.directory.name;
  const plans = await deps.store.transact(({ restorePoints }) =>
    restorePoints.plansDueForLateSessions(directory, signInTakesAtMostSeconds),
  );
  let due = 0;
  for (const plan of plans) due += await endLateSessions(deps, { plan, directory });
  return due;
}
