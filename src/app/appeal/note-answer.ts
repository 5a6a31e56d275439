import type { Appeal, AppealDecision } from '../../domain/appeal/appeal.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { HolderMailOutcome } from '../ports/holder-mailer.ts';
import type { NewLedgerEntry } from '../ports/ledger-store.ts';
import type { Tx } from '../ports/store.ts';

/** What came of the mail that told the holder, beside the appeal and in the ledger. */
export async function noteAnswer(
  tx: Tx,
  { id, plan }: Pick<Appeal, 'id' | 'plan'>,
  decision: AppealDecision,
  told: HolderMailOutcome,
): Promise<void> {
  await tx.appeals.noteTold(id, told);
  const chain = await appealChain(tx, plan);
  await tx.ledger.append({ chain, event: 'appeal.answered', body: { appeal: id, decision, told } });
}

/** Where the entries about an appeal stand. */
export async function appealChain(tx: Tx, plan: PlanId): Promise<NewLedgerEntry['chain']> {
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  return rollout === null ? 'installation' : `rollout:${rollout.no}`;
}
