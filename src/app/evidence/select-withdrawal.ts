import { coverageByLines } from '../../domain/evidence/coverage-by-lines.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AccountId, BatchId } from '../../domain/shared/ids.ts';
import type { LiveSelection } from '../ports/evidence-store.ts';
import type { Seal } from '../ports/seal.ts';
import type { Tx } from '../ports/store.ts';
import { chunksOf } from './chunks-of.ts';
import { openLines } from './sealed-lines.ts';

/** What a person names when evidence is withdrawn. Empty lists name nothing; there is no value that means "all" but `all`. */
export type WithdrawalSelection =
  | { readonly kind: 'all' }
  | { readonly kind: 'lines'; readonly lines: readonly number[] }
  | { readonly kind: 'accounts'; readonly accounts: readonly AccountId[] };

export interface SelectedEvidence {
  readonly live: LiveSelection;
  /** Evidence that some of the lines support, and that others of its lines keep alive. */
  readonly partlyCovered: number;
  /** Named accounts without live evidence in this batch. */
  readonly withoutEvidence: number;
}

const pageRows = 10_000;
const accountsAtOnce = 10_000;

/** Finds the live evidence that a selection names. Memory: one number per piece of evidence selected. */
export async function selectWithdrawal(
  tx: Tx,
  seal: Seal,
  batch: BatchId,
  selection: WithdrawalSelection,
): Promise<SelectedEvidence> {
  switch (selection.kind) {
    case 'all':
      return { live: { kind: 'all' }, partlyCovered: 0, withoutEvidence: 0 };
    case 'lines':
      return selectByLines(tx, seal, batch, new Set(selection.lines));
    case 'accounts':
      return selectByAccounts(tx, batch, [...new Set(selection.accounts)]);
  }
}

async function selectByLines(
  tx: Tx,
  seal: Seal,
  batch: BatchId,
  lines: ReadonlySet<number>,
): Promise<SelectedEvidence> {
  const evidenceNos: number[] = [];
  let partlyCovered = 0;
  let after = 0;
  for (;;) {
    const page = await tx.evidence.sealedLinesOf(batch, after, pageRows);
    for (const row of page) {
      after = row.evidenceNo;
      if (row.sealedLines.length === 0) throw linesDestroyed(batch);
      const opened = { lines: openLines(seal, batch, row.sealedLines), linesTotal: row.linesTotal };
      const coverage = coverageByLines(opened, lines);
      if (coverage === 'covered') evidenceNos.push(row.evidenceNo);
      if (coverage === 'partly') partlyCovered += 1;
    }
    if (page.length < pageRows) break;
  }
  return { live: { kind: 'rows', evidenceNos }, partlyCovered, withoutEvidence: 0 };
}

function linesDestroyed(batch: BatchId): Failure {
  return new Failure(
    'conflict',
    `The line numbers of ${batch} were destroyed when the plans on it were closed. Withdraw it by account, or all of it.`,
    { batch },
  );
}

async function selectByAccounts(tx: Tx, batch: BatchId, accounts: readonly AccountId[]): Promise<SelectedEvidence> {
  const evidenceNos: number[] = [];
  const met = new Set<AccountId>();
  for (const chunk of chunksOf(accounts, accountsAtOnce)) {
    for (const one of await tx.evidence.liveOfAccounts(batch, chunk)) {
      evidenceNos.push(one.evidenceNo);
      met.add(one.accountId);
    }
  }
  return { live: { kind: 'rows', evidenceNos }, partlyCovered: 0, withoutEvidence: accounts.length - met.size };
}
