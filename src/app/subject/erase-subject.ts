import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import { findAccount } from '../explain/find-account.ts';
import type { FindAccountDeps } from '../explain/find-account.ts';
import type { Tx } from '../ports/store.ts';
import type { HeldLedgerValue } from '../ports/subject-store.ts';
import { addressesOf, mostLedgerValues, presentAddress } from './subject-addresses.ts';
import { openPlansOf } from './subject-standing.ts';
import type { OpenPlan } from './subject-standing.ts';

/** As HALT waits: whoever holds a rollout of this account is resuming or taking it back just now. */
const lockTimeoutMs = 2_000;
/** Values in one transaction: a halt is entered in the same chain, and waits for its end. */
const valuesAtOnce = 20;
/** Twenty thousand values; whoever has more is erased by a second call. */
const pagesAtMost = 1_000;

/** What stands of an account and can be erased; what an erasure erased. */
export interface PersonalCount {
  readonly addresses: number;
  readonly evidenceTexts: number;
  /** Appeals with words of the holder's, or a reason, in them. */
  readonly appealTexts: number;
  readonly ledgerValues: number;
  /** Control groups of plans that it stands in. */
  readonly controlGroups: number;
}

export interface ErasurePreview extends PersonalCount {
  readonly account: AccountId;
  /** Not empty: nothing of it may be erased yet. */
  readonly open: readonly OpenPlan[];
  /** What stays, and why. */
  readonly stays: readonly string[];
}

const stays: readonly string[] = [
  'its id, and what was done to it and when: plans, outcomes and numbers of notices stand under digests that people approved',
  'a salted digest of its id in each control group that it stood in, which the digest of the plan covers',
  'a salted digest of each address: with it the page that checks a notice still answers whoever knows number and address',
  'class, source and verdict of the evidence: they keep a password that others know from being given back',
  'this erasure, as an entry of the ledger',
  'copies of before: backups of this database until they are removed, and what the service itself and its mail servers hold',
];

/** What an erasure would erase now, and what keeps it from being done. Changes nothing. `Failure('not-found')`. */
export async function previewErasure(deps: FindAccountDeps, query: string): Promise<ErasurePreview> {
  const { accountId } = await findAccount(deps, query);
  const present = await presentAddress(deps.directory, accountId);
  return deps.store.transact(async (tx) => {
    const values = await ledgerValues(tx, accountId, present, mostLedgerValues);
    return {
      account: accountId,
      addresses: (await tx.subjects.targetsOf(accountId)).filter((one) => one.address !== null).length,
      evidenceTexts: await tx.subjects.countEvidenceTexts(accountId),
      appealTexts: (await tx.appeals.ofAccount(accountId)).filter((one) => (one.words ?? one.reason) !== null).length,
      ledgerValues: values.length,
      controlGroups: (await tx.controls.plansOf(accountId)).length,
      open: await openPlansOf(tx, accountId),
      stays,
    };
  });
}

/**
 * Erases the personal values of one account wherever they stand (GDPR, Art. 17), each with its ledger entry in the same
 * transaction; the chains stay whole. `Failure('conflict')` says until when the account is still open; nothing is erased
 * then. Repeating it is harmless, and goes on where it was cut short. `Failure('not-found')`.
 */
export async function eraseSubject(deps: FindAccountDeps, query: string, by: string): Promise<ErasurePreview> {
  const { accountId } = await findAccount(deps, query);
  const present = await presentAddress(deps.directory, accountId);
  const ifClosed = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.store.transact(async (tx) => {
      await refuseOpen(tx, accountId);
      return work(tx);
    });
  // Before the addresses go: by them the texts are found that people wrote.
  let values = 0;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const erased = await ifClosed((tx) => eraseLedgerValues(tx, accountId, present));
    values += erased;
    if (erased < valuesAtOnce) break;
  }
  return ifClosed(async (tx) => {
    const addresses = await tx.subjects.eraseAddresses(accountId);
    const evidenceTexts = await tx.subjects.eraseEvidenceTexts(accountId);
    const appealTexts = await tx.appeals.eraseWords(accountId);
    const controlGroups = await tx.controls.erase(accountId);
    const erased = { addresses, evidenceTexts, appealTexts, ledgerValues: values, controlGroups };
    if (addresses + evidenceTexts + appealTexts + values + controlGroups > 0)
      await tx.ledger.append({
        chain: 'installation',
        event: 'subject.erased',
        body: { by, ...erased },
        personal: { account: accountId },
      });
    return { account: accountId, ...erased, open: [], stays };
  });
}

/** Looks before it locks: of a plan that runs the lock belongs to its workers and to HALT, and is not asked for. */
async function refuseOpen(tx: Tx, account: AccountId): Promise<void> {
  const before = await openPlansOf(tx, account);
  if (before.length > 0) throw stillOpen(before);
  for (const { plan, excluded } of await tx.plans.plansOf(account)) if (excluded === null) await lock(tx, plan);
  const open = await openPlansOf(tx, account);
  if (open.length > 0) throw stillOpen(open);
}

async function eraseLedgerValues(tx: Tx, account: AccountId, present: string | null): Promise<number> {
  const values = await ledgerValues(tx, account, present, valuesAtOnce);
  for (const { chain, seq, field } of values) {
    await tx.ledger.erasePersonal(chain, seq, field);
    await tx.ledger.append({ chain: 'installation', event: 'personal.erased', body: { chain, seq, field } });
  }
  return values.length;
}

async function lock(tx: Tx, plan: PlanId): Promise<void> {
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  if (rollout !== null) await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
}

async function ledgerValues(
  tx: Tx,
  account: AccountId,
  present: string | null,
  limit: number,
): Promise<readonly HeldLedgerValue[]> {
  const addresses = addressesOf(present, await tx.subjects.targetsOf(account));
  return tx.subjects.ledgerValuesOf(account, addresses, limit);
}

function stillOpen(open: readonly OpenPlan[]): Failure {
  const [first] = open;
  const until = first?.until ?? null;
  return new Failure(
    'conflict',
    `Nothing was erased: the account is still open in ${open.map((one) => one.plan).join(', ')}. ${first?.plan ?? ''}: ${first?.why ?? ''}` +
      `${until === null ? '' : ` (${until.toISOString()})`}. Erase it afterwards; until then its holder may have to be told the truth.`,
    { plans: open.map((one) => one.plan), ...(until === null ? {} : { until: until.toISOString() }) },
  );
}
