import { containOutcomeCodes } from '../../domain/action/contain-outcome.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { ActionDeps } from '../action/action-deps.ts';
import { containAccounts } from '../action/contain-accounts.ts';
import type { AccountToContain } from '../action/contain-accounts.ts';
import { suspendAccounts } from '../action/suspend-accounts.ts';
import type { Digests } from '../ports/digests.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { OutcomeNote } from '../ports/rollout-store.ts';
import type { Store } from '../ports/store.ts';
import { actOnMembers } from './act-on-members.ts';
import type { MayAct } from './act-on-members.ts';
import type { PermitFindings } from './settle-permit.ts';
import type { TakenPermit } from './take-permit.ts';
import { claimedByte } from './track-outcomes.ts';

export interface ContainPermitDeps extends Omit<ActionDeps, 'store' | 'digests'> {
  readonly store: Store;
  readonly digests: Digests;
}

/**
 * Contains the members of one permit, a few at a time, looking at the fence before each call to the directory. Evidence
 * is read again for each: a plan that goes on after a part of it was withdrawn takes nothing from those people.
 */
export async function containPermit(
  deps: ContainPermitDeps,
  { id: plan, header: { directory, suspension } }: FrozenPlan,
  taken: TakenPermit,
  mayAct: MayAct,
): Promise<PermitFindings> {
  const { permit } = taken;
  const targets = await deps.store.transact((tx) =>
    tx.plans.targetsByContainOrdinal(plan, permit.fromOrdinal, permit.size),
  );
  return actOnMembers(permit, containOutcomeCodes.unknown, mayAct, async (ordinals) => {
    const chosen = targets.filter((target) => ordinals.has(target.containOrdinal));
    // Who may have been contained by a lost worker is read back whatever the evidence says; a retraction gives it back.
    const untouched = chosen.filter(
      (target) => permit.outcome[target.containOrdinal - permit.fromOrdinal] === claimedByte,
    );
    const withdrawn = await withoutEvidence(deps.store, untouched);
    const acted = chosen.filter((target) => !withdrawn.has(target.accountId));
    const suspended = acted.filter((target) => target.effect === 'suspend').map(({ accountId: id }) => accountId(id));
    const accounts = acted.filter((target) => target.effect !== 'suspend').map(toContain);
    const outcomes = new Map([
      ...(await containAccounts(deps, { plan, directory, accounts })),
      ...(suspension === undefined || suspended.length === 0
        ? []
        : await suspendAccounts(deps, { plan, directory, days: suspension.days, accounts: suspended })),
    ]);
    return chosen.map((target) => {
      const word = withdrawn.has(target.accountId)
        ? 'evidence-withdrawn'
        : (outcomes.get(accountId(target.accountId)) ?? 'unknown');
      return {
        ordinal: target.containOrdinal,
        byte: containOutcomeCodes[word],
        note: noteOn(word, target, permit.attempt),
      };
    });
  });
}

/** Accounts of which no evidence that the plan names is live any more. */
async function withoutEvidence(store: Store, targets: readonly StoredTarget[]): Promise<ReadonlySet<string>> {
  const ids = targets.map((target) => accountId(target.accountId));
  const live = await store.transact((tx) => tx.evidence.liveEvidence(ids));
  const without = targets.filter((target) => {
    const items = live.get(accountId(target.accountId)) ?? [];
    return !items.some((item) => target.evidence.includes(item.evidenceNo));
  });
  return new Set(without.map((target) => target.accountId));
}

function toContain(target: StoredTarget): AccountToContain {
  const id = accountId(target.accountId);
  return target.effect === 'quarantine' && target.credentialDigest !== null
    ? { effect: 'quarantine', accountId: id, credentialDigest: target.credentialDigest }
    : { effect: 'end-sessions', accountId: id };
}

function noteOn(word: keyof typeof containOutcomeCodes, target: StoredTarget, attempt: number): OutcomeNote | null {
  return word === 'contained'
    ? null
    : { ordinal: target.containOrdinal, attempt, state: word, note: `lane ${target.lane}` };
}
