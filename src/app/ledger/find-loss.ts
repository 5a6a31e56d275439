import type { Finding } from '../../domain/ledger/finding.ts';
import type { ChainHead } from '../../domain/ledger/ledger-row.ts';
import type { JournalEntry } from '../ports/permit-journal.ts';
import type { Store, Tx } from '../ports/store.ts';
import { readCheckpoints } from './read-checkpoints.ts';
import type { ReadCheckpointsDeps } from './read-checkpoints.ts';

/** One host's word, as its journal was read. */
export interface HeardJournal {
  readonly host: string;
  readonly entries: readonly JournalEntry[];
}

export interface FindLossDeps extends ReadCheckpointsDeps {
  readonly store: Store;
  readonly journals: readonly HeardJournal[];
}

/** A chain of which something outside the database knows more than the database. */
export interface ChainLoss {
  readonly chain: string;
  /** The last position on which all agree; 0 where there is none. */
  readonly agreedSeq: number;
  /** The furthest entry that anything outside saw. There may have been more. */
  readonly seenThrough: number;
  readonly seenBy: 'checkpoint' | 'journal';
}

export interface Loss {
  readonly chains: readonly ChainLoss[];
  /** Permits that hosts worked under and that the database does not have. */
  readonly permits: readonly JournalEntry[];
  /** The newest position of each chain that a checkpoint and the database agree on. */
  readonly agreed: readonly ChainHead[];
  readonly lastCheckpointAt: string | null;
  /** Lines of the checkpoint file that cannot be believed. */
  readonly findings: readonly Finding[];
}

/**
 * Compares the database with what is known outside of it: the signed checkpoints and the permit journals of hosts. A
 * chain of hashes that agrees at one entry agrees at all before it, so the end of what is common is found by halving.
 */
export async function findLoss(deps: FindLossDeps): Promise<Loss> {
  const { marks, findings, lastAt } = await readCheckpoints(deps);
  return deps.store.transact(async (tx) => {
    const chains = new Map<string, ChainLoss>();
    const agreed: ChainHead[] = [];
    for (const [chain, known] of marks) {
      const ordered = known.map(({ seq, hash }) => ({ chain, seq, hash })).toSorted((a, b) => a.seq - b.seq);
      const common = await countHeld(tx, ordered);
      const last = ordered[common - 1];
      if (last !== undefined) agreed.push(last);
      if (common < ordered.length) {
        const seenThrough = ordered.at(-1)?.seq ?? 0;
        chains.set(chain, { chain, agreedSeq: last?.seq ?? 0, seenThrough, seenBy: 'checkpoint' });
      }
    }
    const permits: JournalEntry[] = [];
    for (const journal of deps.journals) {
      const lost = await lostOf(tx, journal);
      permits.push(...lost);
      for (const entry of lost) noteJournalLoss(chains, entry);
    }
    return { chains: [...chains.values()], permits, agreed, lastCheckpointAt: lastAt, findings };
  });
}

/** How many of these positions, in ascending order, the database has: the first so many. */
async function countHeld(tx: Tx, ordered: readonly ChainHead[]): Promise<number> {
  const newest = ordered.at(-1);
  if (newest === undefined) return 0;
  // Nearly always the newest is there, and nothing more has to be asked.
  if (await tx.ledger.holds(newest)) return ordered.length;
  let held = 0;
  let missing = ordered.length - 1;
  while (held < missing) {
    const middle = (held + missing) >>> 1;
    const mark = ordered[middle];
    if (mark !== undefined && (await tx.ledger.holds(mark))) held = middle + 1;
    else missing = middle;
  }
  return held;
}

/** The entries of a journal that the database lacks, unless a person accepted their loss before. */
async function lostOf(tx: Tx, { host, entries }: HeardJournal): Promise<readonly JournalEntry[]> {
  const lost: JournalEntry[] = [];
  for (const ofRollout of Map.groupBy(entries, (entry) => entry.rolloutNo).values()) {
    const ordered = ofRollout.toSorted((a, b) => a.seq - b.seq);
    const newest = ordered.at(-1);
    if (newest === undefined || (await tx.standing.wasHeard(host, newest.hash))) continue;
    const chain = `rollout:${newest.rolloutNo}`;
    const heads = ordered.map(({ seq, hash }) => ({ chain, seq, hash }));
    lost.push(...ordered.slice(await countHeld(tx, heads)));
  }
  return lost;
}

function noteJournalLoss(chains: Map<string, ChainLoss>, entry: JournalEntry): void {
  const chain = `rollout:${entry.rolloutNo}`;
  const known = chains.get(chain);
  if (known !== undefined && known.seenThrough >= entry.seq) return;
  const agreedSeq = known?.agreedSeq ?? entry.seq - 1;
  chains.set(chain, { chain, agreedSeq, seenThrough: entry.seq, seenBy: 'journal' });
}
