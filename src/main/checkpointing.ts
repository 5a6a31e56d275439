import { makeCheckpointFile } from '../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../adapters/crypto/digests.ts';
import { openCheckpointWriter } from '../app/ledger/write-checkpoint.ts';
import type { CheckpointWriter } from '../app/ledger/write-checkpoint.ts';
import { enterHalt } from '../app/rollout/halt-rollout.ts';
import { noteFallenBehind } from '../app/rollout/note-fallen-behind.ts';
import { Failure } from '../domain/shared/failure.ts';
import { checkpointPath } from './installation.ts';
import type { Installation } from './installation.ts';

/**
 * Writes a checkpoint whenever it is called, and none while this database may be older than the world. Where the
 * database has come to lack what was written before (a failover, a restore under a running server), everything is halted.
 */
export function makeCheckpointing(installation: Installation): () => Promise<void> {
  const { store, config, deployment, log } = installation;
  let writer: CheckpointWriter | null = null;
  return async () => {
    if ((await store.transact((tx) => tx.standing.behind())) !== null) {
      // Once the loss is accepted, the file says where to go on from.
      writer = null;
      return;
    }
    writer ??= await openCheckpointWriter({
      store,
      log: makeCheckpointFile(checkpointPath(config)),
      signer: installation.ledgerKey,
      digests,
      clock: installation.clock,
      deploymentId: deployment.deploymentId,
    });
    try {
      await writer.write();
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'database-behind') throw error;
      await noteFallenBehind(store, error.message, installation.journal.host);
      log.error({ reason: error.message }, 'the database lost a part of the past: everything is halted');
      await enterHalt(installation.halting.deps, {
        subject: null,
        scope: 'all',
        by: 'database-behind',
        reason: error.message,
      });
    }
  };
}
