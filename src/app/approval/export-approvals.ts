import type { ApprovalSubject } from '../../domain/approval/approval-statement.ts';
import type { LedgerEvent } from '../../domain/ledger/events.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { LedgerEntry } from '../ports/ledger-store.ts';
import type { Store, Tx } from '../ports/store.ts';

/** One entry of the ledger, as it stands there. No address is in it. */
export interface ApprovalExportLine {
  readonly seq: number;
  readonly at: string;
  readonly event: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

/** Every event under which a yes is recorded. */
export const approvalEvents: readonly LedgerEvent[] = [
  'plan.approved',
  'retraction.approved',
  'operator.approved',
  'rollout.resume-approved',
  'drill.override-approved',
  'deployment.loss-approved',
];
/** Which keys are whose, and until when. */
const keyEvents: readonly string[] = ['operator.added', 'passkey.added', 'passkey.revoked', 'operator.suspended'];
/** As the ledger reads them. */
const pageSize = 1_000;
/** Ten thousand entries about one person are years of work. */
const pagesMax = 10;

/**
 * Every yes to a subject with all that it is verified with, and how its keys came to be those people's: what
 * `tools/verify-approvals.mjs` reads, years later and without us. `Failure('not-found')` where nobody said yes.
 */
export async function exportApprovals(
  { store }: { readonly store: Store },
  subject: ApprovalSubject,
): Promise<readonly ApprovalExportLine[]> {
  return store.transact(async (tx) => {
    const approvals = await naming(tx, subject, (entry) => {
      return (approvalEvents as readonly string[]).includes(entry.event) && entry.body['subject'] === subject;
    });
    if (approvals.length === 0)
      throw new Failure('not-found', `Nobody said yes to ${subject}, or there is no such thing.`);
    const people = new Set(approvals.map((entry) => entry.body['operator']));
    const keys: LedgerEntry[] = [];
    for (const person of people) {
      if (typeof person === 'string' && isTypedId('operator', person)) keys.push(...(await keysOf(tx, person)));
    }
    return [...keys, ...approvals].toSorted((a, b) => a.seq - b.seq).map(lineOf);
  });
}

function keysOf(tx: Tx, person: OperatorId): Promise<readonly LedgerEntry[]> {
  return naming(tx, person, (entry) => keyEvents.includes(entry.event) && entry.body['operator'] === person);
}

async function naming(tx: Tx, id: string, isWanted: (entry: LedgerEntry) => boolean): Promise<readonly LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  let after = 0;
  for (let page = 0; page < pagesMax; page += 1) {
    const { entries, upTo } = await tx.ledger.naming(id, after, pageSize);
    found.push(...entries.filter(isWanted));
    if (entries.length < pageSize) return found;
    after = upTo;
  }
  throw new Failure(
    'conflict',
    `The ledger names ${id} too often to be exported at once. Take a backup and read it there.`,
  );
}

function lineOf({ seq, at, event, body, hash }: LedgerEntry): ApprovalExportLine {
  return { seq, at: at.toISOString(), event, body, hash };
}
