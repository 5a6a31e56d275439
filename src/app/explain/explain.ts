import type { Evidence } from '../../domain/evidence/evidence.ts';
import { exclusionInWords } from '../../domain/plan/lane-words.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { VerifiedOutcomesDeps } from '../ledger/verified-outcomes.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { Tx } from '../ports/store.ts';
import { explainPlan } from './explain-plan.ts';
import type { ExplainedEvidence, ExplainedPlan, ExplainedSuspension, Explanation, KnownNow } from './explanation.ts';
import { findAccount } from './find-account.ts';
import type { FindAccountDeps, FoundAccount } from './find-account.ts';
import { readHolderEvents } from './holder-events.ts';
import { orderEvents } from './order-events.ts';

export interface ExplainDeps extends FindAccountDeps, VerifiedOutcomesDeps {}

/** Plans of one account that are told in full: more than that is a test account, and the newest matter. */
const mostPlans = 20;
/** Ledger entries about those plans and batches. */
const mostEntries = 1_000;

type PlanOfAccount =
  | { readonly kind: 'excluded'; readonly plan: PlanId; readonly reason: string }
  | { readonly kind: 'target'; readonly plan: FrozenPlan; readonly target: StoredTarget };

/**
 * The whole story of one account: why, what was done, what is known now. `query` is an account id, an address or a
 * notice number. Each reading is in the ledger, since it tells whose password others know.
 * `Failure('not-found' | 'ledger-broken' | 'directory-unavailable')`.
 */
export async function explain(deps: ExplainDeps, query: string, by: string): Promise<Explanation> {
  const found = await findAccount(deps, query);
  const id = found.accountId;
  const { evidence, plansOf, quarantinedBy, byHolder } = await deps.store.transact(async (tx) => {
    // Before anything is told: who has read it is known even if the answer never arrives.
    await tx.ledger.append({
      chain: 'installation',
      event: 'account.explained',
      body: { by },
      personal: { account: id },
    });
    const point = (await tx.restorePoints.openOf(deps.directory.name, [id])).get(id);
    return {
      evidence: (await tx.evidence.allEvidence([id])).get(id) ?? [],
      plansOf: await readPlans(tx, id),
      byHolder: await readHolderEvents(tx, deps.directory.name, id),
      // Sealed and not yet taken is not held back.
      quarantinedBy: point === undefined || point.containedAt === null ? null : point.plan,
    };
  });
  const plans: ExplainedPlan[] = [];
  for (const one of plansOf) {
    if (one.kind === 'target') plans.push(await explainPlan(deps, one.plan, one.target));
    else plans.push({ ...one, words: exclusionInWords(one.reason) });
  }
  const about = [
    ...plans
      .filter((plan) => plan.kind === 'target')
      .flatMap((plan) => [plan.plan, ...plan.retractions.map((one) => one.retraction)]),
    ...new Set(evidence.filter((item) => item.state === 'withdrawn').map((item) => item.batch)),
  ];
  const entries = about.length === 0 ? [] : await deps.store.transact((tx) => tx.ledger.about(about, mostEntries));
  return {
    accountId: id,
    now: knownNow(found, evidence, plans, quarantinedBy),
    evidence: evidence.map(explainedEvidence),
    plans,
    events: orderEvents(evidence, plans, entries, byHolder),
  };
}

async function readPlans(tx: Tx, id: AccountId): Promise<readonly PlanOfAccount[]> {
  const found: PlanOfAccount[] = [];
  for (const { plan, excluded } of (await tx.plans.plansOf(id)).slice(0, mostPlans)) {
    const frozen = await tx.plans.read(plan);
    if (frozen === null) continue;
    if (excluded !== null) {
      found.push({ kind: 'excluded', plan, reason: excluded });
      continue;
    }
    const [target] = await tx.plans.targetsOf(plan, [id]);
    if (target !== undefined) found.push({ kind: 'target', plan: frozen, target });
  }
  return found;
}

function explainedEvidence(item: Evidence): ExplainedEvidence {
  return {
    evidence: item.evidenceNo,
    batch: item.batch,
    source: item.source,
    class: item.class,
    state: item.state,
    cause: item.cause,
    at: item.eventAt ?? item.recordedAt,
    withdrawnAt: item.withdrawnAt,
    rule: item.rule,
    reason: item.reason,
  };
}

function knownNow(
  found: FoundAccount,
  evidence: readonly Evidence[],
  plans: readonly ExplainedPlan[],
  quarantinedBy: PlanId | null,
): KnownNow {
  const liveEvidence = evidence.filter((item) => item.state === 'live' && item.class !== 'weak').length;
  return {
    inDirectory: found.inDirectory,
    liveEvidence,
    quarantinedBy,
    words: inWords(plans, liveEvidence, quarantinedBy),
  };
}

function suspensionInWords({ state, lapsesAt, closedBy }: ExplainedSuspension): string {
  switch (state) {
    case 'marked':
      return 'it may be suspended: the directory was asked and has not been heard';
    case 'open':
      return `it is suspended, and lapses by itself on ${lapsesAt === null ? 'a day that is not known' : `${lapsesAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`}`;
    case 'reinstated':
      return `it was suspended and let back in by ${closedBy ?? 'us'}`;
    case 'lapsed':
      return 'it was suspended until its time was over';
    case 'retired':
      return 'our suspension of it no longer stands; whether the service suspends it is for the service to say';
  }
}

function inWords(plans: readonly ExplainedPlan[], liveEvidence: number, quarantinedBy: PlanId | null): string {
  if (quarantinedBy !== null) {
    return liveEvidence > 0
      ? `the old password is held back by ${quarantinedBy}, and evidence still speaks for it`
      : `the old password is held back by ${quarantinedBy}, and no live evidence speaks for it any more`;
  }
  const targets = plans.filter((plan) => plan.kind === 'target');
  if (targets.length === 0)
    return liveEvidence > 0
      ? 'evidence names this account, and nothing was done to it'
      : 'nothing was done to this account';
  const newest = targets[0];
  const suspended = newest?.suspension;
  if (suspended !== undefined && suspended !== null) return suspensionInWords(suspended);
  if (newest?.restorePoint?.state === 'restored') return 'the old password was given back';
  if (newest?.restorePoint?.state === 'retired') return 'its holder chose a newer password, which stays';
  if (newest?.restorePoint?.state === 'destroyed')
    return 'what was sealed of this account was destroyed when its time was over: nothing of it can be given back';
  return 'no password of this account is held back';
}
