import { parseBody } from '../../domain/ledger/ledger-row.ts';
import { statementInWords } from '../../domain/ledger/statement-words.ts';
import type { Statement } from '../../domain/ledger/statement-words.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import { VerifiedOutcomes } from '../ledger/verified-outcomes.ts';
import type { VerifiedOutcomesDeps } from '../ledger/verified-outcomes.ts';
import type { LedgerEntry } from '../ports/ledger-store.ts';
import type { CountedRetraction, CountedRollout } from './counted-rollout.ts';
import { grantedPeople } from './granted-people.ts';
import { statementCounts } from './statement-counts.ts';
import { statementTimes } from './statement-times.ts';

export interface WrittenStatement extends Statement {
  readonly plan: PlanId;
  /** English, Markdown. */
  readonly text: string;
}

/** Ledger entries about one plan, its retractions and its batches. */
const mostEntries = 1_000;

/**
 * Public words about a plan, from the ledger alone: what it does not say is "not yet known". May be written at any
 * moment, also while it runs. `Failure('not-found' | 'ledger-broken')`.
 */
export async function writeStatement(deps: VerifiedOutcomesDeps, plan: PlanId): Promise<WrittenStatement> {
  const found = await deps.store.transact(async (tx) => {
    const frozen = await tx.plans.read(plan);
    if (frozen === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    const retractions = await tx.retractions.ofPlan(plan);
    const { batches } = frozen.header.evidence;
    const started: { readonly retraction: (typeof retractions)[number]['id']; readonly rolloutNo: number }[] = [];
    for (const { id } of retractions) {
      const rollout = await tx.rollouts.find('retraction', numberOf(id));
      if (rollout !== null) started.push({ retraction: id, rolloutNo: rollout.no });
    }
    return {
      rolloutNo: (await tx.rollouts.find('plan', numberOf(plan)))?.no ?? null,
      started,
      batches,
      service: frozen.header.constants['service-name'],
      action: frozen.header.action,
      // What a granted appeal withdrew was about one person, and is no cause of what happened to all.
      entries: (await tx.ledger.about([plan, ...retractions.map((one) => one.id), ...batches], mostEntries)).filter(
        (entry) => entry.event !== 'evidence.withdrawn' || entry.body['appeal'] === undefined,
      ),
      readAt: await tx.rollouts.now(),
    };
  });
  const rollout: CountedRollout | null =
    found.rolloutNo === null
      ? null
      : { rolloutNo: found.rolloutNo, outcomes: new VerifiedOutcomes(deps, found.rolloutNo) };
  const retractions = found.started.map((one): CountedRetraction => ({
    ...one,
    outcomes: new VerifiedOutcomes(deps, one.rolloutNo),
  }));
  const statement: Statement = {
    service: found.service,
    action: found.action,
    readAt: found.readAt,
    counts: await statementCounts(
      deps.store,
      rollout,
      retractions,
      rollout === null ? [] : await grantedPeople(deps.store, plan, rollout.outcomes, retractions),
    ),
    times: statementTimes({
      plan,
      retractions: found.started.map((one) => one.retraction),
      batches: found.batches,
      entries: found.entries,
      firstDispute: rollout === null ? null : await firstDispute(rollout.outcomes),
      chain: rollout === null ? 'of the rollout' : `rollout:${rollout.rolloutNo}`,
    }),
    cause: {
      value: causeOf(found.entries),
      source: `ledger chain installation, entries evidence.withdrawn about ${found.batches.join(', ')}`,
    },
  };
  return { plan, ...statement, text: statementInWords(statement) };
}

async function firstDispute(outcomes: VerifiedOutcomes): Promise<Date | null> {
  const entries = await outcomes.otherEntries();
  const first = entries.find((row) => row.event === 'notice.disputed' && parseBody(row.body)?.['counted'] === true);
  return first === undefined ? null : new Date(first.at);
}

/** One cause, or none: where evidence was withdrawn for several, the statement does not choose. */
function causeOf(entries: readonly LedgerEntry[]): string | null {
  const causes = new Set(
    entries.filter((entry) => entry.event === 'evidence.withdrawn').map((entry) => entry.body['cause']),
  );
  const [cause] = causes;
  return causes.size === 1 && typeof cause === 'string' ? cause : null;
}
