import { parseCheckpoint } from '../../domain/ledger/checkpoint.ts';
import type { SignedCheckpoint } from '../../domain/ledger/checkpoint.ts';
import type { ChainHead } from '../../domain/ledger/ledger-row.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import type { Tx } from '../ports/store.ts';

/** What the checkpoint file saw last of each chain. Signatures are not looked at: `readCheckpoints` does, far slower. */
export async function readNewestHeads(
  log: Pick<CheckpointLog, 'lines'>,
): Promise<{ readonly heads: Map<string, ChainHead>; readonly last: SignedCheckpoint | null }> {
  let heads = new Map<string, ChainHead>();
  let last: SignedCheckpoint | null = null;
  for await (const { text } of log.lines()) {
    const checkpoint = parseCheckpoint(text);
    if (checkpoint === null) continue;
    last = checkpoint;
    if (checkpoint.lossAccepted === true) heads = new Map();
    for (const head of checkpoint.heads) heads.set(head.chain, head);
  }
  return { heads, last };
}

/** The first of these positions that the database does not have; null where it has them all. */
export async function firstLost(tx: Tx, seen: ReadonlyMap<string, ChainHead>): Promise<ChainHead | null> {
  const now = new Map((await tx.ledger.heads()).map((head) => [head.chain, head.hash]));
  for (const head of seen.values()) {
    if (now.get(head.chain) === head.hash) continue;
    if (!(await tx.ledger.holds(head))) return head;
  }
  return null;
}
