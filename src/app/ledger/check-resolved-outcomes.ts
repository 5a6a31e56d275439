import { deliveryByte, deliveryStates } from '../../domain/notice/delivery-state.ts';
import type { Finding } from '../../domain/ledger/finding.ts';
import type { LedgerRow } from '../../domain/ledger/ledger-row.ts';
import { readResolved } from '../../domain/ledger/resolved-outcome.ts';
import { rolloutNoOf } from '../../domain/ledger/rollout-chain.ts';
import type { Store } from '../ports/store.ts';

const pageSize = 1_000;
/** A word may be recorded while its table is read; it is looked at again, but not for ever. */
const maxLooks = 5;
/** Enough to see the pattern; a table that is gone must not fill the report. */
const maxFindings = 1_000;

export interface ResolvedEntry {
  readonly seq: number;
  readonly byte: number;
}

/** Keeps the newest word on each member that was moved after its range was settled. */
export function noteResolved(row: LedgerRow, newest: Map<string, ResolvedEntry>): void {
  const resolved = readResolved(row);
  const state = deliveryStates.find((one) => one === resolved?.state);
  if (resolved !== null && state !== undefined)
    newest.set(`${resolved.track} ${resolved.ordinal}`, { seq: row.seq, byte: deliveryByte(state) });
}

/** Compares what the table says was said later with the entries of the rollout's chain, both ways. */
export async function checkResolvedOutcomes(
  store: Store,
  chain: string,
  entries: ReadonlyMap<string, ResolvedEntry>,
  readUpTo: number,
): Promise<readonly Finding[]> {
  const rolloutNo = rolloutNoOf(chain);
  if (rolloutNo === null) return [];
  const newest = new Map(entries);
  let seen = readUpTo;
  for (let look = 0; ; look += 1) {
    const stored = await store.transact((tx) => tx.feedback.resolved(rolloutNo));
    const findings = compare(chain, newest, new Map(stored.map((one) => [`${one.track} ${one.ordinal}`, one.byte])));
    if (findings.length === 0 || look === maxLooks) return findings;
    const rows = await store.transact((tx) => tx.ledger.readRows(chain, seen, pageSize));
    // Nothing new was written since: what differs, differs.
    if (rows.length === 0) return findings;
    for (const row of rows) noteResolved(row, newest);
    seen = rows.at(-1)?.seq ?? seen;
  }
}

function compare(
  chain: string,
  newest: ReadonlyMap<string, ResolvedEntry>,
  stored: ReadonlyMap<string, number>,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [member, { seq, byte }] of newest) {
    const found = stored.get(member);
    if (found === byte) continue;
    const detail = `what entry ${seq} says was heard later of person ${member} is ${found === undefined ? 'gone' : 'another state now'}`;
    findings.push({ kind: found === undefined ? 'dropped' : 'edited', chain, seq, detail });
    if (findings.length === maxFindings) return findings;
  }
  for (const member of stored.keys()) {
    if (newest.has(member)) continue;
    findings.push({
      kind: 'edited',
      chain,
      seq: 0,
      detail: `no entry says that anything was heard later of person ${member}`,
    });
    if (findings.length === maxFindings) return findings;
  }
  return findings;
}
