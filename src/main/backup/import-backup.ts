import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { loadSigningKey } from '../../adapters/crypto/signing-key.ts';
import { digests } from '../../adapters/crypto/digests.ts';
import { withBackupTarget } from '../../adapters/postgres/backup-target.ts';
import { noteRestored } from '../../app/ledger/note-restored.ts';
import { makeKeyRing } from '../../adapters/seal/key-ring.ts';
import { readSealKey } from '../../adapters/seal/seal-key-file.ts';
import type { BackupProgress, ImportReport } from '../../cli/local-verbs.ts';
import type { Config } from '../../config/config.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { checkpointPath } from '../installation.ts';
import type { BackupBegin, BackupManifest } from './backup-manifest.ts';
import { checkpointName, ledgerKeyName, maxKeyBytes, sealKeyName } from './backup-manifest.ts';
import { reportOf } from './export-backup.ts';
import { readBackup } from './read-backup.ts';
import type { BackupSink, PartSink } from './read-backup.ts';

/** A file out of the backup, written beside its place until all of it is known to be sound. */
interface Staged {
  readonly path: string;
  readonly draft: string;
  readonly file: FileHandle;
}

/**
 * Puts a backup into an empty database, in one transaction that commits once the last byte was proved: a failed or
 * interrupted import leaves nothing and is simply repeated. Files that are there already are never written over. What comes
 * up is halted, and held until a person accepted what may be lost.
 */
export async function importBackup(
  config: Config,
  url: string,
  request: { readonly file: string; readonly passphrase: string },
  onProgress: (progress: BackupProgress) => void,
): Promise<ImportReport> {
  const staged = new Map<string, Staged>();
  let tablesDone = 0;
  try {
    return await withBackupTarget(url, digests, async (target) => {
      const sink: BackupSink = {
        async begin(begin) {
          refuseOtherEnvironment(config, begin);
          await target.makeSchema(begin.migrations);
        },
        async table(table) {
          const rows = target.copyIn(table);
          let bytes = 0;
          return {
            async write(chunk) {
              bytes += chunk.length;
              onProgress({ table: table.name, bytes, tablesDone });
              await rows.write(chunk);
            },
            async end() {
              tablesDone += 1;
              return rows.end();
            },
          };
        },
        sequences: (values) => target.setSequences(values),
        file: (name) => stageFile(config, name, staged),
      };
      const { manifest, bytes } = await readBackup(request.file, request.passphrase, sink);
      await refuseMissingKeys(config, manifest, staged);
      const migrated = await target.applyMissing();
      const halted = await noteRestored(target.tx, { backupOf: manifest.takenAt, on: hostname() });
      // Before the commit: a file in place without its database does no harm, the other way round would.
      const filesWritten = await placeFiles(staged);
      return { ...reportOf(manifest, request.file, bytes, []), migrated, halted, filesWritten };
    });
  } finally {
    for (const { draft, file } of staged.values()) {
      await file.close().catch(() => undefined);
      await unlink(draft).catch(() => undefined);
    }
  }
}

function refuseOtherEnvironment(config: Config, begin: BackupBegin): void {
  if (begin.environment === config.environment) return;
  throw new Failure(
    'environment-mismatch',
    `The backup is of ${begin.environment}, and this machine is set to ${config.environment}. Correct ALLCLEAR_ENVIRONMENT.`,
  );
}

function pathOf(config: Config, name: string): string {
  if (name === checkpointName) return checkpointPath(config);
  if (name === ledgerKeyName) return config.ledgerKeyFile;
  if (name === sealKeyName) return config.sealKeyFile;
  throw new Failure('backup-unreadable', 'The backup holds a file that this version does not know.');
}

async function stageFile(config: Config, name: string, staged: Map<string, Staged>): Promise<PartSink> {
  const path = pathOf(config, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}.import`;
  const file: FileHandle = await open(draft, 'wx', 0o600);
  let bytes = 0;
  staged.set(name, { path, draft, file });
  return {
    async write(chunk) {
      bytes += chunk.length;
      if (name !== checkpointName && bytes > maxKeyBytes)
        throw new Failure('backup-unreadable', 'The backup holds a key file that is none.');
      await file.appendFile(chunk);
    },
    async end() {
      await file.sync();
      return null;
    },
  };
}

/** Without them the server would make new ones: then nothing could be given back, and nothing be proved. */
async function refuseMissingKeys(
  config: Config,
  manifest: BackupManifest,
  staged: ReadonlyMap<string, Staged>,
): Promise<void> {
  const ledgerFile = placeOf(config.ledgerKeyFile, staged.get(ledgerKeyName));
  if (ledgerFile === null)
    throw new Failure(
      'key-missing',
      `The ledger key of ${manifest.deployment} is neither here nor in the backup. Put it back first: ${config.ledgerKeyFile}`,
    );
  if (loadSigningKey(await readFile(ledgerFile, 'utf8')).publicKey !== manifest.ledgerPublicKey)
    throw new Failure('key-missing', `${config.ledgerKeyFile} is not the ledger key of ${manifest.deployment}.`);
  const sealFile = placeOf(config.sealKeyFile, staged.get(sealKeyName));
  if (sealFile === null)
    throw new Failure(
      'key-missing',
      `The sealing key is neither here nor in the backup. Put it back first: ${config.sealKeyFile}`,
    );
  const { fingerprint } = makeKeyRing(await readSealKey(sealFile));
  const foreign = manifest.sealedUnder.find((id) => id !== fingerprint);
  if (foreign !== undefined)
    throw new Failure(
      'key-missing',
      `Restore points of the backup are sealed under key ${foreign}, and ${config.sealKeyFile} is ${fingerprint}.`,
    );
}

/** What will be in the place: what is there already, else what the backup brings. */
function placeOf(path: string, staged: Staged | undefined): string | null {
  if (existsSync(path)) return path;
  return staged?.draft ?? null;
}

async function placeFiles(staged: ReadonlyMap<string, Staged>): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { path, draft } of staged.values()) {
    try {
      await link(draft, path);
      written.push(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
  }
  return written;
}
