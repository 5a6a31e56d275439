import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { decodeRecords } from '../../adapters/backup/backup-records.ts';
import type { BackupRecord } from '../../adapters/backup/backup-records.ts';
import { openSealedFile } from '../../adapters/backup/sealed-file.ts';
import { digests } from '../../adapters/crypto/digests.ts';
import { signatures } from '../../adapters/crypto/signing-key.ts';
import type { BackupTable, SequenceValue } from '../../adapters/postgres/backup-tables.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { BackupBegin, BackupManifest } from './backup-manifest.ts';

/** Takes the bytes of one table or file; `end` answers how many rows arrived, null where rows are not counted. */
export interface PartSink {
  write(bytes: Buffer): Promise<void>;
  end(): Promise<number | null>;
}

/** Where the parts of a backup go, in the order in which they stand in it. */
export interface BackupSink {
  begin(begin: BackupBegin): Promise<void>;
  table(table: BackupTable): Promise<PartSink>;
  file(name: string): Promise<PartSink>;
  sequences(values: readonly SequenceValue[]): Promise<void>;
}

type Words = Readonly<Record<string, unknown>>;

/**
 * Reads a backup front to back and hands its parts on, each compared with its count and digest, all of them with the signed
 * manifest at the end. What was handed on is to be believed only once this resolves. `Failure('backup-unreadable')`.
 */
export async function readBackup(
  file: string,
  passphrase: string,
  sink: BackupSink,
): Promise<{ readonly manifest: BackupManifest; readonly bytes: number }> {
  const records = decodeRecords(openSealedFile(file, passphrase))[Symbol.asyncIterator]();
  try {
    return { manifest: await readParts(records, sink), bytes: (await stat(file)).size };
  } finally {
    // Closes the file, also where the rest of it is not wanted any more.
    await records.return?.();
  }
}

async function readParts(records: AsyncIterator<BackupRecord>, sink: BackupSink): Promise<BackupManifest> {
  const begin = beginOf(await nextWord(records));
  await sink.begin(begin);
  const tables: BackupManifest['tables'][number][] = [];
  const files: BackupManifest['files'][number][] = [];
  for (;;) {
    const word = await nextWord(records);
    switch (word['word']) {
      case 'table': {
        const table = tableOf(word);
        const { rows, ...part } = await readPart(records, await sink.table(table), table.name);
        tables.push({ name: table.name, rows: rows ?? 0, ...part });
        break;
      }
      case 'file': {
        const name = textOf(word, 'name');
        const { bytes, sha256 } = await readPart(records, await sink.file(name), name);
        files.push({ name, bytes, sha256 });
        break;
      }
      case 'sequences':
        await sink.sequences(sequencesOf(word));
        break;
      case 'manifest': {
        const manifest = provedManifest(word, { ...begin, tables, files });
        if ((await records.next()).done !== true) throw unsound('it goes on after its end');
        return manifest;
      }
      default:
        throw unsound(`it holds a part "${String(word['word'])}" that this version does not know`);
    }
  }
}

async function nextWord(records: AsyncIterator<BackupRecord>): Promise<Words> {
  const next = await records.next();
  if (next.done === true) throw unsound('it ends before its manifest');
  if (next.value.kind !== 'word') throw unsound('data stands where none belongs');
  return next.value.value;
}

async function readPart(
  records: AsyncIterator<BackupRecord>,
  sink: PartSink,
  name: string,
): Promise<{ readonly rows: number | null; readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (;;) {
    const next = await records.next();
    if (next.done === true) throw unsound(`it ends within ${name}`);
    const record = next.value;
    if (record.kind === 'data') {
      hash.update(record.bytes);
      bytes += record.bytes.length;
      await sink.write(record.bytes);
      continue;
    }
    const sha256 = hash.digest('hex');
    const { value } = record;
    if (value['word'] !== 'end' || value['sha256'] !== sha256 || value['bytes'] !== bytes)
      throw unsound(`${name} is not what was written`);
    const arrived = await sink.end();
    const told = typeof value['rows'] === 'number' ? value['rows'] : null;
    if (arrived !== null && arrived !== told)
      throw unsound(`${arrived} rows of ${name} arrived, and ${told} were kept`);
    return { rows: told, bytes, sha256 };
  }
}

function provedManifest(word: Words, seen: BackupBegin & Pick<BackupManifest, 'tables' | 'files'>): BackupManifest {
  const manifest = word['manifest'] as BackupManifest;
  const signature = textOf(word, 'signature');
  const { heads, sealedUnder } = manifest;
  const expected = digests.canonical({ ...seen, heads, sealedUnder });
  if (digests.canonical(manifest) !== expected) throw unsound('its parts are not those of its manifest');
  if (!signatures.verify(manifest.ledgerPublicKey, expected, signature))
    throw unsound('its manifest is not signed by the ledger key that it names');
  return manifest;
}

function beginOf(word: Words): BackupBegin {
  if (word['word'] !== 'begin' || word['format'] !== 1) throw unsound('it is of another format');
  const { migrations } = word;
  if (!Array.isArray(migrations)) throw unsound('it names no migrations');
  return {
    format: 1,
    deployment: textOf(word, 'deployment'),
    environment: textOf(word, 'environment'),
    ledgerPublicKey: textOf(word, 'ledgerPublicKey'),
    takenAt: textOf(word, 'takenAt'),
    migrations: migrations.map((one: Words) => ({ name: textOf(one, 'name'), digest: textOf(one, 'digest') })),
  };
}

function tableOf(word: Words): BackupTable {
  const { columns } = word;
  if (!Array.isArray(columns) || !columns.every((one) => typeof one === 'string'))
    throw unsound('a table has no columns');
  return { name: textOf(word, 'name'), columns };
}

function sequencesOf(word: Words): readonly SequenceValue[] {
  const { values } = word;
  if (!Array.isArray(values)) throw unsound('its counters cannot be read');
  return values.map((one: Words) => ({
    table: textOf(one, 'table'),
    column: textOf(one, 'column'),
    last: Number(one['last']),
  }));
}

function textOf(word: Words, field: string): string {
  const value = word[field];
  if (typeof value !== 'string') throw unsound(`its ${field} cannot be read`);
  return value;
}

function unsound(why: string): Failure {
  return new Failure('backup-unreadable', `The backup is not sound: ${why}. Take another copy of it.`);
}
