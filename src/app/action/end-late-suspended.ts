import { readLiveSuspensions } from './suspension-deps.ts';
import type { SuspensionDeps } from './suspension-deps.ts';

/** As after a quarantine: longer than any service takes from looking at the account to opening the session. */
const signInTakesAtMostSeconds = 60;

/**
 * Looks once more at accounts that were suspended a minute ago: a sign-in that had read the account before opens its session
 * afterwards. While an account carries our mark nobody may be signed in. Answers how many were due.
 */
export async function endLateSuspended(deps: SuspensionDeps): Promise<number> {
  const { directory } = deps;
  if (!directory.capabilities.suspend || !directory.capabilities.endSessions) return 0;
  const due = await deps.store.transact(({ suspensions }) =>
    suspensions.dueForLateSessions(directory.name, signInTakesAtMostSeconds),
  );
  if (due.length === 0) return 0;
  const live = await readLiveSuspensions(
    deps,
    due.map((one) => one.accountId),
  );
  const suspended = due.filter((one) => {
    const now = live(one.accountId);
    return now.kind === 'ours' && now.suspension === one.id;
  });
  if (suspended.length > 0) await directory.endSessions(suspended.map((one) => one.accountId));
  await deps.store.transact(({ suspensions }) => suspensions.recordLateSessions(due.map((one) => one.id)));
  return due.length;
}
