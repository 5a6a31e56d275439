import { join } from 'node:path';
import { makeCheckpointFile } from '../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../adapters/crypto/digests.ts';
import { openOperatorKey } from '../adapters/crypto/key-file.ts';
import { signatures } from '../adapters/crypto/signing-key.ts';
import { makeFilePermitJournal } from '../adapters/fence/file-permit-journal.ts';
import { acceptLoss, previewLoss } from '../app/ledger/accept-loss.ts';
import type { AcceptLossDeps } from '../app/ledger/accept-loss.ts';
import type { Store } from '../app/ports/store.ts';
import type { LocalVerbs, LossRequest } from '../cli/local-verbs.ts';
import type { Config } from '../config/config.ts';
import { Failure } from '../domain/shared/failure.ts';
import { existsSync } from 'node:fs';
import { withLocalStore } from './local-store.ts';

const clock = { now: () => new Date(), monotonicMs: () => performance.now() };

export const makeLossVerbs = (readConfig: () => Config): Pick<LocalVerbs, 'previewLoss' | 'acceptLoss'> => ({
  previewLoss: (request) =>
    withLocalStore(readConfig(), async ({ store }) =>
      previewLoss(await depsOf(readConfig(), store, request.journals), request),
    ),
  acceptLoss: (request: LossRequest, total) =>
    withLocalStore(readConfig(), async ({ store }) =>
      acceptLoss(await depsOf(readConfig(), store, request.journals), request, total),
    ),
});

async function depsOf(config: Config, store: Store, folders: readonly string[]): Promise<AcceptLossDeps> {
  const deployment = await store.transact((tx) => tx.deployment.read());
  if (deployment === null) throw new Failure('conflict', 'No server ever started on this database: nothing is lost.');
  // The key is read as whoever runs the server reads it: a file of mode 0600, without a passphrase.
  const { key } = await openOperatorKey(config.ledgerKeyFile, 'sample');
  if (key.publicKey !== deployment.ledgerPublicKey) {
    throw new Failure('key-missing', `${config.ledgerKeyFile} is not the ledger key of ${deployment.deploymentId}.`);
  }
  return {
    store,
    digests,
    signatures,
    clock,
    signer: key,
    log: makeCheckpointFile(join(config.home, 'checkpoints.ndjson')),
    journal: makeFilePermitJournal(config.stateDir),
    otherJournals: folders.map(readOther),
    deploymentId: deployment.deploymentId,
    ledgerPublicKey: deployment.ledgerPublicKey,
    directory: config.directoryName,
  };
}

/** A copied state folder: without the name of its host nobody could tell whose word it is. */
function readOther(folder: string): {
  readonly host: string;
  readonly entries: AcceptLossDeps['otherJournals'][number]['entries'];
} {
  if (!existsSync(join(folder, 'permits')) || !existsSync(join(folder, 'dots', 'host-id'))) {
    throw new Failure(
      'usage',
      `${folder} is not the copy of a state folder: it needs permits/ and dots/host-id of that host.`,
    );
  }
  const journal = makeFilePermitJournal(folder);
  return { host: journal.host, entries: journal.entries() };
}
