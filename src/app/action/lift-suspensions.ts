import type { AppealLift } from '../../domain/appeal/appeal.ts';
import type { RestoreOutcome } from '../../domain/action/restore-outcome.ts';
import type { AppealId } from '../../domain/shared/ids.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { Suspension } from '../ports/suspension-store.ts';
import { reinstateAccounts } from './reinstate-accounts.ts';
import type { SuspensionDeps } from './suspension-deps.ts';

export interface LiftDeps extends Omit<SuspensionDeps, 'store'> {
  readonly store: Store;
}

/** What one look takes: a call to the directory is as large as one of a rollout. */
const mostAtOnce = 10;
/** Looks in one round; what is left waits for the next, some seconds later. */
const looksAtMost = 50;

/**
 * Lifts suspensions whose time is over, and those that a granted appeal wants lifted. What would lapse waits while its plan is
 * halted; what a person granted does not. Answers how many were lifted. Throws when the directory cannot be reached: nothing is
 * recorded, and the next round finds the same accounts.
 */
export async function liftDueSuspensions(deps: LiftDeps, mayGoOn: () => boolean): Promise<number> {
  if (!deps.directory.capabilities.suspend) return 0;
  let lifted = 0;
  const seen = new Set<string>();
  for (let look = 0; look < looksAtMost && mayGoOn(); look += 1) {
    const due = await deps.store.transact((tx) => tx.suspensions.toLift(deps.directory.name, mostAtOnce));
    const fresh = due.filter((one) => !seen.has(one.id));
    if (fresh.length === 0) return lifted;
    for (const one of fresh) {
      seen.add(one.id);
      if (!mayGoOn()) return lifted;
      const outcome = await liftOne(deps, one);
      if (outcome === 'restored' || outcome === 'already-restored') lifted += 1;
    }
  }
  return lifted;
}

/**
 * Lifts one suspension now. What came of it is in the ledger, and beside the appeal that wanted it, as soon as the suspension counts as
 * ended. A holder who was told before that it takes a while is to be told anew.
 */
export async function liftOne(deps: LiftDeps, suspension: Suspension): Promise<RestoreOutcome> {
  const { id, accountId, plan, directory, liftAskedBy } = suspension;
  const by = liftAskedBy ?? 'lapse';
  const outcomes = await reinstateAccounts<Tx>(
    {
      ...deps,
      // A person who grants an appeal has judged the evidence, and it was withdrawn for this account; what lapses needs none.
      liveEvidence: async () => new Set(),
      alsoRecord: (tx, found) => record(tx, liftOf(found.get(accountId) ?? 'unknown')),
    },
    { by, as: liftAskedBy === null ? 'lapsed' : 'reinstated', plan, directory, accounts: [accountId] },
  );
  return outcomes.get(accountId) ?? 'unknown';

  async function record(tx: Tx, lift: AppealLift): Promise<void> {
    if (lift === 'waits') return;
    if (liftAskedBy !== null) {
      const appeal = await tx.appeals.read(liftAskedBy as AppealId);
      await tx.appeals.noteLifted(liftAskedBy as AppealId, lift);
      if (appeal?.told === 'accepted' || appeal?.told === 'unknown') await tx.appeals.askAnswer(appeal.id);
    }
    if (lift === 'missing') await tx.suspensions.close([id], 'retired', by);
    const rollout = await tx.rollouts.find('plan', Number(plan.slice('plan_'.length)));
    await tx.ledger.append({
      chain: rollout === null ? 'installation' : `rollout:${rollout.no}`,
      event: 'suspension.lifted',
      body: { suspension: id, plan, by, result: lift },
    });
  }
}

export function liftOf(outcome: RestoreOutcome): AppealLift {
  switch (outcome) {
    case 'restored':
    case 'already-restored':
      return 'reinstated';
    case 'changed-since':
      return 'suspended-by-service';
    case 'missing':
      return 'missing';
    case 'failed':
      return 'not-suspended';
    case 'unknown':
    case 'held-by-evidence':
      return 'waits';
  }
}
