import type { Finding } from '../../domain/ledger/finding.ts';
import type { LedgerRow } from '../../domain/ledger/ledger-row.ts';
import { readRangeOutcome } from '../../domain/ledger/range-outcome.ts';
import type { RangeOutcome } from '../../domain/ledger/range-outcome.ts';
import { rolloutNoOf } from '../../domain/ledger/rollout-chain.ts';
import type { Digests } from '../ports/digests.ts';
import type { Store } from '../ports/store.ts';

/** The stored outcome bytes of a range under one attempt; null where there is no such range. */
export type ReadOutcomeVector = (
  rolloutNo: number,
  track: string,
  fromOrdinal: number,
  attempt: number,
) => Promise<Uint8Array | null>;

export interface RangeEntry {
  readonly seq: number;
  readonly range: RangeOutcome;
}

export interface CheckOutcomeVectorsDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly readOutcomeVector: ReadOutcomeVector;
}

const pageSize = 1_000;
/** A range may be taken or settled while it is read; it is looked at again, but a busy rollout must not hold us for ever. */
const maxLooks = 5;
/** Enough to see the pattern; a table that is gone must not fill the report. */
const maxFindings = 1_000;

/** Keeps the newest word on each range: taking, settling and recovering a permit each commit to what they leave. */
export function noteRange(row: LedgerRow, newest: Map<string, RangeEntry>): void {
  const range = readRangeOutcome(row);
  if (range !== null) newest.set(`${range.track} ${range.from}`, { seq: row.seq, range });
}

/** Compares each range's stored outcome vector with the digest in its newest entry. */
export async function checkOutcomeVectors(
  deps: CheckOutcomeVectorsDeps,
  chain: string,
  ranges: ReadonlyMap<string, RangeEntry>,
  readUpTo: number,
): Promise<{ readonly checked: number; readonly findings: readonly Finding[] }> {
  const rolloutNo = rolloutNoOf(chain);
  if (rolloutNo === null) return { checked: 0, findings: [] };
  const newest = new Map(ranges);
  let suspects = [...newest.keys()];
  let seen = readUpTo;
  let findings: Finding[] = [];
  for (let look = 0; look < maxLooks && suspects.length > 0; look += 1) {
    if (look > 0) {
      const caughtUp = await catchUp(deps.store, chain, seen, newest);
      // Nothing new was written since: what differs, differs.
      if (caughtUp === seen) break;
      seen = caughtUp;
    }
    findings = [];
    const differing: string[] = [];
    for (const key of suspects) {
      const entry = newest.get(key);
      const finding = entry === undefined ? null : await compareRange(deps, rolloutNo, chain, entry);
      if (finding === null) continue;
      findings.push(finding);
      differing.push(key);
    }
    suspects = differing;
  }
  return { checked: newest.size, findings: findings.slice(0, maxFindings) };
}

async function compareRange(
  deps: CheckOutcomeVectorsDeps,
  rolloutNo: number,
  chain: string,
  { seq, range }: RangeEntry,
): Promise<Finding | null> {
  const vector = await deps.readOutcomeVector(rolloutNo, range.track, range.from, range.attempt);
  const which = `the outcomes of ${range.track} from person ${range.from}`;
  if (vector === null) return { kind: 'dropped', chain, seq, detail: `${which} are gone` };
  if (deps.digests.sha256(vector) === range.outcomes) return null;
  return { kind: 'edited', chain, seq, detail: `${which} are not those that entry ${seq} recorded` };
}

async function catchUp(
  store: Store,
  chain: string,
  afterSeq: number,
  newest: Map<string, RangeEntry>,
): Promise<number> {
  const rows = await store.transact((tx) => tx.ledger.readRows(chain, afterSeq, pageSize));
  for (const row of rows) noteRange(row, newest);
  return rows.at(-1)?.seq ?? afterSeq;
}
