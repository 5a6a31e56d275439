import { parseCheckpoint, signedPart } from '../../domain/ledger/checkpoint.ts';
import type { ChainHead } from '../../domain/ledger/ledger-row.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digests } from '../ports/digests.ts';
import type { LedgerSigner } from '../ports/signatures.ts';
import type { Store } from '../ports/store.ts';
import { anchorChains } from './anchor-chains.ts';

export interface WriteCheckpointDeps {
  readonly store: Store;
  readonly log: CheckpointLog;
  readonly signer: LedgerSigner;
  readonly digests: Digests;
  readonly clock: Clock;
  readonly deploymentId: string;
}

export interface CheckpointWriter {
  /** Anchors, then writes the heads that moved since the last line; the number of heads written, 0 for none. */
  write(): Promise<number>;
}

/** About 120 kB a line, well under what a reader of the file takes as one line. */
const headsPerLine = 1_000;

/**
 * Writes signed checkpoints outside the database. Heads are read as committed before the line is written, so a
 * checkpoint never runs ahead of the ledger it vouches for.
 */
export async function openCheckpointWriter(deps: WriteCheckpointDeps): Promise<CheckpointWriter> {
  const written = await readWrittenHeads(deps.log);
  return {
    async write() {
      await anchorChains(deps.store);
      const heads = await deps.store.transact((tx) => tx.ledger.heads());
      const moved = heads.filter((head) => written.get(head.chain) !== head.hash);
      for (let start = 0; start < moved.length; start += headsPerLine) {
        const part = moved.slice(start, start + headsPerLine);
        await deps.log.append(signedLine(deps, part));
        for (const head of part) written.set(head.chain, head.hash);
      }
      return moved.length;
    },
  };
}

function signedLine(deps: WriteCheckpointDeps, heads: readonly ChainHead[]): string {
  const at = deps.clock.now().toISOString();
  const checkpoint = signedPart({ deployment: deps.deploymentId, at, heads });
  const signature = deps.signer.sign(deps.digests.canonical(checkpoint));
  return deps.digests.canonical({ ...checkpoint, signature });
}

async function readWrittenHeads(log: CheckpointLog): Promise<Map<string, string>> {
  const written = new Map<string, string>();
  for await (const { text } of log.lines()) {
    for (const head of parseCheckpoint(text)?.heads ?? []) written.set(head.chain, head.hash);
  }
  return written;
}
