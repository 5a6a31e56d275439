import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { encodeData, encodeWord } from '../../adapters/backup/backup-records.ts';
import { createSealedFile } from '../../adapters/backup/sealed-file.ts';
import type { SealedWriter } from '../../adapters/backup/sealed-file.ts';
import { digests } from '../../adapters/crypto/digests.ts';
import { openOperatorKey } from '../../adapters/crypto/key-file.ts';
import { withBackupSource } from '../../adapters/postgres/backup-source.ts';
import type { BackupSource } from '../../adapters/postgres/backup-source.ts';
import { readSealKey } from '../../adapters/seal/seal-key-file.ts';
import { makeKeyRing } from '../../adapters/seal/key-ring.ts';
import type { BackupProgress, BackupReport } from '../../cli/local-verbs.ts';
import type { Config } from '../../config/config.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { checkpointPath } from '../installation.ts';
import type { BackupBegin, BackupManifest } from './backup-manifest.ts';
import { checkpointName, ledgerKeyName, sealKeyName } from './backup-manifest.ts';

export interface ExportRequest {
  readonly file: string;
  readonly passphrase: string;
  readonly withKeys: boolean;
}

interface Written {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes one encrypted file: every table of one snapshot, the checkpoints as they were before it, and the keys where they
 * are asked for. Beside a working server; memory stays at a few frames. `Failure('key-missing' | 'conflict')`.
 */
export async function exportBackup(
  config: Config,
  url: string,
  request: ExportRequest,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupReport> {
  const { key } = await openOperatorKey(config.ledgerKeyFile, 'sample');
  const apart = await keysApart(config, request.withKeys);
  // Before the snapshot: a checkpoint that is newer than the tables would say that they lost something.
  const checkpointBytes = await sizeOf(checkpointPath(config));
  return withBackupSource(url, async (source) => {
    if (source.ledgerPublicKey !== key.publicKey)
      throw new Failure('key-missing', `${config.ledgerKeyFile} is not the ledger key of ${source.deployment}.`);
    const writer = await createSealedFile(request.file, request.passphrase);
    try {
      const manifest = await writeParts(config, source, writer, request.withKeys, checkpointBytes, onProgress);
      const signature = key.sign(digests.canonical(manifest));
      await writer.write(encodeWord({ word: 'manifest', manifest, signature }));
      return reportOf(manifest, request.file, await writer.finish(), apart);
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  });
}

async function writeParts(
  config: Config,
  source: BackupSource,
  writer: SealedWriter,
  withKeys: boolean,
  checkpointBytes: number,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupManifest> {
  const { deployment, environment, ledgerPublicKey, migrations, heads, sealedUnder } = source;
  const begin: BackupBegin = {
    format: 1,
    deployment,
    environment,
    ledgerPublicKey,
    takenAt: source.takenAt.toISOString(),
    migrations,
  };
  await writer.write(encodeWord({ word: 'begin', ...begin }));
  const files: Written[] = [];
  if (withKeys) {
    files.push(await writeFile(writer, ledgerKeyName, [await readFile(config.ledgerKeyFile)]));
    files.push(await writeFile(writer, sealKeyName, [await readFile(config.sealKeyFile)]));
  }
  const tables: BackupManifest['tables'][number][] = [];
  for (const table of source.tables) {
    await writer.write(encodeWord({ word: 'table', ...table }));
    const stream = source.copyOut(table);
    const counted = await writeStream(writer, stream, (bytes) =>
      onProgress({ table: table.name, bytes, tablesDone: tables.length }),
    );
    tables.push({ name: table.name, rows: stream.rowCount, ...counted });
    await writer.write(encodeWord({ word: 'end', rows: stream.rowCount, ...counted }));
  }
  await writer.write(encodeWord({ word: 'sequences', values: await source.sequences() }));
  const checkpoints =
    checkpointBytes === 0 ? [] : createReadStream(checkpointPath(config), { end: checkpointBytes - 1 });
  files.push(await writeFile(writer, checkpointName, checkpoints));
  return { ...begin, heads, tables, files, sealedUnder };
}

export function reportOf(
  manifest: BackupManifest,
  file: string,
  bytes: number,
  keysApart: BackupReport['keysApart'],
): BackupReport {
  return {
    file,
    bytes,
    deployment: manifest.deployment,
    environment: manifest.environment,
    takenAt: manifest.takenAt,
    tables: manifest.tables.map(({ name, rows }) => ({ name, rows })),
    rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
    newestMigration: manifest.migrations.at(-1)?.name ?? 'none',
    hasKeys: manifest.files.some((one) => one.name === sealKeyName),
    sealedUnder: manifest.sealedUnder,
    keysApart,
  };
}

async function writeFile(
  writer: SealedWriter,
  name: string,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Written> {
  await writer.write(encodeWord({ word: 'file', name }));
  const counted = await writeStream(writer, content, () => undefined);
  await writer.write(encodeWord({ word: 'end', ...counted }));
  return { name, ...counted };
}

async function writeStream(
  writer: SealedWriter,
  stream: Readable | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    bytes += chunk.length;
    for (const record of encodeData(chunk)) await writer.write(record);
    onBytes(bytes);
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return 0;
      throw cause;
    },
  );
}

/** The keys that are not in the file, each with what is lost without it. */
async function keysApart(config: Config, withKeys: boolean): Promise<BackupReport['keysApart']> {
  if (withKeys) return [];
  const { fingerprint } = makeKeyRing(await readSealKey(config.sealKeyFile));
  return [
    { file: config.sealKeyFile, fingerprint, without: 'no quarantined password can be given back' },
    { file: config.ledgerKeyFile, fingerprint: null, without: 'the server does not start on this database' },
  ];
}
