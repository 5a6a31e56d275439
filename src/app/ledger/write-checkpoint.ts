import { signedPart } from '../../domain/ledger/checkpoint.ts';
import type { ChainHead } from '../../domain/ledger/ledger-row.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digests } from '../ports/digests.ts';
import type { LedgerSigner } from '../ports/signatures.ts';
import type { Store } from '../ports/store.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { anchorChains } from './anchor-chains.ts';
import { firstLost, readNewestHeads } from './newest-heads.ts';

export interface WriteCheckpointDeps {
  readonly store: Store;
  readonly log: CheckpointLog;
  readonly signer: LedgerSigner;
  readonly digests: Digests;
  readonly clock: Clock;
  readonly deploymentId: string;
}

export interface CheckpointWriter {
  /**
   * Anchors, then writes the heads that moved since the last line; the number of heads written, 0 for none.
   * `Failure('database-behind')` where the database lacks what was written before: then nothing is written.
   */
  write(): Promise<number>;
}

/** About 120 kB a line, well under what a reader of the file takes as one line. */
const headsPerLine = 1_000;

/**
 * Writes signed checkpoints outside the database. Heads are read as committed before the line is written, so a
 * checkpoint never runs ahead of the ledger it vouches for.
 */
export async function openCheckpointWriter(deps: WriteCheckpointDeps): Promise<CheckpointWriter> {
  const { heads: written } = await readNewestHeads(deps.log);
  return {
    async write() {
      // A line of a database that lost a part of the past would vouch for the wrong branch of it.
      const lost = await deps.store.transact((tx) => firstLost(tx, written));
      if (lost !== null) throw fallenBehind(lost);
      await anchorChains(deps.store);
      const heads = await deps.store.transact((tx) => tx.ledger.heads());
      const moved = heads.filter((head) => written.get(head.chain)?.hash !== head.hash);
      for (let start = 0; start < moved.length; start += headsPerLine) {
        const part = moved.slice(start, start + headsPerLine);
        await deps.log.append(signedLine(deps, part));
        for (const head of part) written.set(head.chain, head);
      }
      return moved.length;
    },
  };
}

function fallenBehind({ chain, seq }: ChainHead): Failure {
  return new Failure(
    'database-behind',
    `The database does not have entry ${seq} of ${chain}, which a checkpoint saw: it lost a part of the past.`,
    { chain, seq },
  );
}

function signedLine(deps: WriteCheckpointDeps, heads: readonly ChainHead[]): string {
  const at = deps.clock.now().toISOString();
  const checkpoint = signedPart({ deployment: deps.deploymentId, at, heads });
  const signature = deps.signer.sign(deps.digests.canonical(checkpoint));
  return deps.digests.canonical({ ...checkpoint, signature });
}
