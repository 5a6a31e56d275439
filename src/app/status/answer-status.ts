import { assertNever } from '../../domain/shared/assert-never.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import { readDelivery } from '../notice/read-delivery.ts';
import type { Directory } from '../ports/directory.ts';
import type { HolderMailer } from '../ports/holder-mailer.ts';
import type { RecoverySecrets } from '../ports/recovery-secrets.ts';
import type { RestorePoint } from '../ports/restore-point-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { Suspension } from '../ports/suspension-store.ts';
import type { StatusEntry, SuspensionStatus } from './status-entry.ts';
import { statusMail } from './status-mail.ts';

export interface AnswerStatusDeps {
  readonly store: Store;
  readonly directory: Directory;
  readonly secrets: Pick<RecoverySecrets, 'keyed'>;
  readonly mailer: HolderMailer;
  readonly serviceName: string;
  readonly supportContact: string;
  /** Where a notice is checked, and where a new password is chosen (ours or the service's own; null where neither is known). */
  readonly checkUrl: string;
  readonly recoverUrl: string | null;
}

/** More is the work of somebody who fills a mailbox. */
const answersPerDay = 3;
/** Nobody is in more plans than a reader would read about. */
const mostPlans = 20;
const longestAddress = 320;

/**
 * Tells the holder of an address by mail whether anything was done to their account: "you were not affected" is an answer.
 * Whoever typed the address learns nothing (I18), and nobody is written to who has no account here under a confirmed
 * address.
 */
export async function answerStatus(
  deps: AnswerStatusDeps,
  asked: { readonly address: string },
): Promise<'nobody' | 'too-many' | 'accepted' | 'refused' | 'unknown' | 'unsent'> {
  const typed = asked.address.trim();
  if (typed === '' || typed.length > longestAddress) return 'nobody';
  const accountId = (await deps.directory.findByAddresses([typed])).get(typed);
  const account = accountId === undefined ? undefined : (await deps.directory.readAccounts([accountId])).get(accountId);
  if (account === undefined || account.address === null || !account.addressConfirmed) return 'nobody';
  const { address } = account;
  const addressKey = deps.secrets.keyed('address', address);
  const isTaken = await deps.store.transact((tx) => tx.recoveries.takeAnswer(addressKey, answersPerDay));
  if (!isTaken) return 'too-many';
  const entries = await deps.store.transact((tx) => readEntries(tx, deps.directory.name, account.accountId));
  return deps.mailer.send(
    statusMail(
      {
        to: address,
        language: account.language,
        service: deps.serviceName,
        contact: deps.supportContact,
        checkUrl: deps.checkUrl,
        recoverUrl: deps.recoverUrl,
      },
      entries,
    ),
  );
}

async function readEntries(tx: Tx, directory: string, account: AccountId): Promise<readonly StatusEntry[]> {
  const entries: StatusEntry[] = [];
  for (const { plan, excluded } of (await tx.plans.plansOf(account)).slice(0, mostPlans)) {
    if (excluded !== null) continue;
    const entry = await readEntry(tx, directory, account, plan);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

async function readEntry(tx: Tx, directory: string, account: AccountId, plan: PlanId): Promise<StatusEntry | null> {
  const [target] = await tx.plans.targetsOf(plan, [account]);
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  if (target === undefined || rollout === null) return null;
  const notice = await tx.rollouts.findNotice(target.noticeNumber);
  const told = notice === null ? null : await readDelivery(tx, notice.rolloutNo, notice.track, notice.ordinal);
  const number = told === null ? null : target.noticeNumber;
  const point = (await tx.restorePoints.ofPlan(plan, directory, [account])).get(account);
  if (point !== undefined && point.containedAt !== null) return { what: whatOf(point), at: point.containedAt, number };
  const suspension = (await tx.suspensions.ofPlan(plan, directory, [account])).get(account);
  if (suspension !== undefined && suspension.suspendedAt !== null)
    return { what: suspendedOf(suspension), at: suspension.suspendedAt, number };
  const receipt = (await tx.restorePoints.receipts(plan, directory, [account])).get(account);
  if (receipt !== undefined && receipt.sessionsEndedAt !== null)
    return { what: 'signed-out', at: receipt.sessionsEndedAt, number };
  return told === null ? null : { what: 'told', at: told.at, number };
}

function suspendedOf({ state }: Suspension): SuspensionStatus {
  switch (state) {
    case 'marked':
    case 'open':
      return 'suspended';
    case 'reinstated':
    case 'lapsed':
      return state;
    case 'retired':
      return 'no-longer-by-us';
    default:
      return assertNever(state);
  }
}

function whatOf({ state }: RestorePoint): StatusEntry['what'] {
  switch (state) {
    case 'sealed':
    case 'open':
      return 'taken';
    case 'restored':
      return 'given-back';
    case 'retired':
      return 'own-password';
    case 'destroyed':
      return 'closed';
    default:
      return assertNever(state);
  }
}
