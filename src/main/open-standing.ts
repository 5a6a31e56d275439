import { makeCheckpointFile } from '../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../adapters/crypto/digests.ts';
import { signatures } from '../adapters/crypto/signing-key.ts';
import { judgeStanding } from '../app/ledger/judge-standing.ts';
import { checkpointPath } from './installation.ts';
import type { Installation } from './installation.ts';

/** Whether this database is the newest word as far as this machine knows: null, or why nothing may be done. */
export async function judgeInstallation(installation: Installation): Promise<string | null> {
  const { store, journal, deployment, ledgerKey, config } = installation;
  return judgeStanding({
    store,
    journal,
    log: makeCheckpointFile(checkpointPath(config)),
    signatures,
    digests,
    deploymentId: deployment.deploymentId,
    ledgerPublicKey: ledgerKey.publicKey,
  });
}
