import { restoreOutcomeCodes } from '../../domain/action/restore-outcome.ts';
import { whatHolds } from '../../domain/retraction/decide-retraction.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { AccountId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { restoreAccounts } from '../action/restore-accounts.ts';
import type { Store } from '../ports/store.ts';
import { actOnMembers } from './act-on-members.ts';
import type { MayAct } from './act-on-members.ts';
import type { ContainPermitDeps } from './contain-permit.ts';
import type { PermitFindings } from './settle-permit.ts';
import type { TakenPermit } from './take-permit.ts';

/** Gives back the passwords of one permit of a retraction; live evidence is read again inside each call (I16). */
export async function restorePermit(
  deps: ContainPermitDeps,
  retraction: RetractionId,
  plan: PlanId,
  directory: string,
  taken: TakenPermit,
  mayAct: MayAct,
): Promise<PermitFindings> {
  const { permit } = taken;
  const targets = await deps.store.transact((tx) =>
    tx.retractions.targetsByRestoreOrdinal(retraction, permit.fromOrdinal, permit.size),
  );
  const restoreDeps = {
    ...deps,
    liveEvidence: (accounts: readonly AccountId[]) => heldByEvidence(deps.store, accounts),
  };
  return actOnMembers(permit, restoreOutcomeCodes.unknown, mayAct, async (ordinals) => {
    const chosen = targets.filter((target) => target.restoreOrdinal !== null && ordinals.has(target.restoreOrdinal));
    const accounts = chosen.map((target) => accountId(target.accountId));
    const outcomes = await restoreAccounts(restoreDeps, { retraction, plan, directory, accounts });
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

/** Accounts of which something says, at this moment, that their old password is known. */
async function heldByEvidence(store: Store, accounts: readonly AccountId[]): Promise<ReadonlySet<AccountId>> {
  const evidence = await store.transact((tx) => tx.evidence.allEvidence(accounts));
  return new Set([...evidence].filter(([, items]) => whatHolds(items) !== null).map(([id]) => id));
}
