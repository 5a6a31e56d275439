import { containStateOf } from '../../domain/action/contain-outcome.ts';
import { restoreStateOf } from '../../domain/action/restore-outcome.ts';
import type { RestoreState } from '../../domain/action/restore-outcome.ts';
import { correctionWords } from '../../domain/notice/delivery-transitions.ts';
import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import type { SuspensionTerms } from '../../domain/plan/suspension-terms.ts';
import type {
  EarlierNotice,
  PersonFacts,
  Receipt,
  ReceiptKind,
  SuspensionFact,
} from '../../domain/notice/person-facts.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { Account } from '../ports/directory.ts';
import type { ContainReceipt } from '../ports/restore-point-store.ts';
import type { TargetHistory } from '../ports/retraction-store.ts';
import type { Suspension } from '../ports/suspension-store.ts';
import type { MailMember } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';

/** All but where the directory says its holder is now, which is read last. */
export type StoredFacts = Omit<PersonFacts, 'addressOfRecord'>;

export interface GatheredFacts {
  readonly facts: ReadonlyMap<AccountId, StoredFacts>;
  /** Members whom the late notice of this plan tells or told: the plan's own notice would tell them twice. */
  readonly toldLate: ReadonlySet<AccountId>;
}

/**
 * Everything known now about each member of one permit, and about nobody else: receipts, evidence and the earlier
 * notice. Read once per permit.
 */
export async function gatherFacts(
  tx: Tx,
  directory: string,
  { id: plan, header: { suspension: terms } }: FrozenPlan,
  members: readonly MailMember[],
): Promise<GatheredFacts> {
  const ids = members.map((member) => member.accountId);
  const receipts = await tx.restorePoints.receipts(plan, directory, ids);
  const suspensions = terms === undefined ? null : await tx.suspensions.ofPlan(plan, directory, ids);
  const evidence = await tx.evidence.evidenceFacts(ids);
  // What became of the plan's notice is what letters speak of. The notice itself says nothing of it, and its permits are nearly all.
  const isFirstNotice = members.every((member) => member.templateKind === 'notice');
  const histories = new Map(
    isFirstNotice ? [] : (await tx.retractions.historiesOf(plan, ids)).map((one) => [one.accountId, one]),
  );
  const checkOrderedAt = await holdingOrderedAt(tx, plan);
  const retracted = (await tx.retractions.ofPlan(plan)).length > 0;
  const toldLate = await tx.retractions.toldLate(plan, ids);
  const facts = new Map<AccountId, StoredFacts>();
  for (const member of members) {
    const id = member.accountId;
    const history = histories.get(id);
    facts.set(id, {
      planId: plan,
      accountId: id,
      receipts: [
        ...containReceipts(plan, id, receipts.get(id)),
        ...suspensionReceipts(plan, id, suspensions?.get(id)),
        ...(retracted ? await retractionReceipts(tx, plan, id, directory) : []),
      ],
      ...(terms === undefined ? {} : { suspension: suspensionFact(terms, suspensions?.get(id)) }),
      evidence: evidence.get(id) ?? [],
      earlierNotice: history === undefined ? null : earlierNotice(plan, history, member.templateKind),
      checkOrderedAt,
    });
  }
  return { facts, toldLate };
}

/** Whether the directory still holds the frozen address, byte for byte (I6). Null accounts: it did not answer. */
export function addressOfRecord(
  accounts: ReadonlyMap<AccountId, Account> | null,
  member: MailMember,
): PersonFacts['addressOfRecord'] {
  if (accounts === null) return 'unread';
  const now = accounts.get(member.accountId)?.address ?? null;
  if (now === null || member.address === null) return 'missing';
  return now === member.address ? 'as-frozen' : 'changed';
}

function containReceipts(
  planId: PlanId,
  accountId: AccountId,
  receipt: ContainReceipt | undefined,
): readonly Receipt[] {
  const found: Receipt[] = [];
  if (receipt === undefined) return found;
  if (receipt.containedAt !== null) found.push({ kind: 'contained', planId, accountId, at: receipt.containedAt });
  if (receipt.sessionsEndedAt !== null)
    found.push({ kind: 'sessions-ended', planId, accountId, at: receipt.sessionsEndedAt });
  return found;
}

function suspensionReceipts(
  planId: PlanId,
  accountId: AccountId,
  suspension: Suspension | undefined,
): readonly Receipt[] {
  if (suspension === undefined) return [];
  const { suspendedAt, sessionsEndedAt } = suspension;
  return [
    ...(suspendedAt === null ? [] : [{ kind: 'suspended', planId, accountId, at: suspendedAt } as const]),
    ...(sessionsEndedAt === null ? [] : [{ kind: 'sessions-ended', planId, accountId, at: sessionsEndedAt } as const]),
  ];
}

function suspensionFact({ reason }: SuspensionTerms, suspension: Suspension | undefined): SuspensionFact {
  return { reason, isOpen: suspension?.state === 'open', lapsesAt: suspension?.lapsesAt ?? null };
}

/** What the newest retraction did for the account, from its outcome vector. */
async function retractionReceipts(
  tx: Tx,
  planId: PlanId,
  accountId: AccountId,
  directory: string,
): Promise<readonly Receipt[]> {
  const target = (await tx.retractions.targetsOf(planId, accountId)).at(-1);
  if (target === undefined) return [];
  const retraction = await tx.retractions.read(target.retraction);
  if (retraction === null) return [];
  if (target.decision === 'keep')
    return [{ kind: 'kept', planId, accountId, at: new Date(retraction.header.createdAt) }];
  if (target.restoreOrdinal === null) return [];
  const rollout = await tx.rollouts.find('retraction', numberOf(target.retraction));
  const permit = rollout === null ? null : await tx.rollouts.permitAt(rollout.no, 'restore', target.restoreOrdinal);
  if (permit === null) return [];
  const kind = receiptOf(restoreStateOf(permit.outcome[target.restoreOrdinal - permit.fromOrdinal] ?? 0));
  if (kind === null) return [];
  const point =
    (await tx.restorePoints.ofPlan(planId, directory, [accountId])).get(accountId) ??
    (await tx.suspensions.ofPlan(planId, directory, [accountId])).get(accountId);
  return [{ kind, planId, accountId, at: point?.closedAt ?? (await tx.rollouts.now()) }];
}

function receiptOf(state: RestoreState): ReceiptKind | null {
  switch (state) {
    case 'restored':
    case 'already-restored':
      return 'restored';
    case 'changed-since':
      return 'changed-since';
    case 'missing':
      return 'not-restorable';
    case 'created':
    case 'claimed':
    case 'released':
    case 'failed':
    case 'unknown':
    case 'held-by-evidence':
      return null;
  }
}

/** The notice that a letter is about: the plan's own, or the late one where the first never left. A letter is never about itself. */
function earlierNotice(planId: PlanId, history: TargetHistory, kind: string): EarlierNotice | null {
  const { accountId } = history;
  const bytes = kind === 'late' ? [history.tellByte] : [history.tellByte, history.lateByte];
  const states = bytes.filter((byte) => byte !== null).map(deliveryStateOf);
  const state = states.find((one) => correctionWords(one) !== 'none') ?? states[0];
  const at = history.toldAt ?? history.containedAt ?? new Date(0);
  return state === undefined ? null : { planId, accountId, state, at };
}

/** When a person ordered the holding correction; null where nobody did. */
async function holdingOrderedAt(tx: Tx, plan: PlanId): Promise<Date | null> {
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  if (rollout === null) return null;
  return (await tx.rollouts.tracks(rollout.no)).find((track) => track.track === 'holding')?.waveOpenedAt ?? null;
}

/** Whether the account is contained by this plan, by the word of its outcome. */
export function isContained(history: TargetHistory): boolean {
  return history.containByte !== null && containStateOf(history.containByte) === 'contained';
}
