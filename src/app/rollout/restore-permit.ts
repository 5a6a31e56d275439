import { restoreOutcomeCodes } from '../../domain/action/restore-outcome.ts';
import type { FrozenPlan, PlanAction } from '../../domain/plan/frozen-plan.ts';
import { whatHolds } from '../../domain/retraction/decide-retraction.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { AccountId, RetractionId } from '../../domain/shared/ids.ts';
import { reinstateAccounts } from '../action/reinstate-accounts.ts';
import { restoreAccounts } from '../action/restore-accounts.ts';
import type { Store } from '../ports/store.ts';
import { actOnMembers } from './act-on-members.ts';
import type { MayAct } from './act-on-members.ts';
import type { ContainPermitDeps } from './contain-permit.ts';
import type { PermitFindings } from './settle-permit.ts';
import type { TakenPermit } from './take-permit.ts';

/** Gives back the passwords of one permit of a retraction, or lifts its suspensions; live evidence is read again inside each call (I16). */
export async function restorePermit(
  deps: ContainPermitDeps,
  retraction: RetractionId,
  { id: plan, header: { directory, action } }: FrozenPlan,
  taken: TakenPermit,
  mayAct: MayAct,
): Promise<PermitFindings> {
  const { permit } = taken;
  const targets = await deps.store.transact((tx) =>
    tx.retractions.targetsByRestoreOrdinal(retraction, permit.fromOrdinal, permit.size),
  );
  const restoreDeps = {
    ...deps,
    liveEvidence: (accounts: readonly AccountId[]) => heldByEvidence(deps.store, action, accounts),
  };
  return actOnMembers(permit, restoreOutcomeCodes.unknown, mayAct, async (ordinals) => {
    const chosen = targets.filter((target) => target.restoreOrdinal !== null && ordinals.has(target.restoreOrdinal));
    const accounts = chosen.map((target) => accountId(target.accountId));
    const outcomes =
      action === 'suspend'
        ? await reinstateAccounts(restoreDeps, { by: retraction, as: 'reinstated', plan, directory, accounts })
        : await restoreAccounts(restoreDeps, { retraction, plan, directory, accounts });
    return chosen.map((target) => {
      const ordinal = target.restoreOrdinal ?? 0;
      const word = outcomes.get(accountId(target.accountId)) ?? 'unknown';
      const note =
        word === 'restored'
          ? null
          : { ordinal, attempt: permit.attempt, state: word, note: `decided ${target.reason}` };
      return { ordinal, byte: restoreOutcomeCodes[word], note };
    });
  });
}

/** Accounts of which something says, at this moment, that their old password is known, or that they are rightly suspended. */
async function heldByEvidence(
  store: Store,
  action: PlanAction,
  accounts: readonly AccountId[],
): Promise<ReadonlySet<AccountId>> {
  const evidence = await store.transact((tx) => tx.evidence.allEvidence(accounts));
  return new Set([...evidence].filter(([, items]) => whatHolds(action, items) !== null).map(([id]) => id));
}
