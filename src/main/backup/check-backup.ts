import type { BackupProgress, BackupReport } from '../../cli/local-verbs.ts';
import { reportOf } from './export-backup.ts';
import { readBackup } from './read-backup.ts';
import type { BackupSink, PartSink } from './read-backup.ts';

const newline = 0x0a;

/** Reads all of a backup and keeps nothing of it. `Failure('backup-unreadable')` where it could not be imported either. */
export async function checkBackup(
  request: { readonly file: string; readonly passphrase: string },
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupReport> {
  let tablesDone = 0;
  const sink: BackupSink = {
    begin: async () => undefined,
    sequences: async () => undefined,
    file: async () => ({ write: async () => undefined, end: async () => null }),
    table: async ({ name }) =>
      countingRows(
        (bytes) => onProgress({ table: name, bytes, tablesDone }),
        () => tablesDone++,
      ),
  };
  const { manifest, bytes } = await readBackup(request.file, request.passphrase, sink);
  return reportOf(manifest, request.file, bytes, []);
}

/** In Postgres's text form a row is a line: a line end inside of a value is written as an escape. */
function countingRows(onBytes: (bytes: number) => void, onEnd: () => void): PartSink {
  let rows = 0;
  let seen = 0;
  return {
    async write(bytes) {
      for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) rows += 1;
      seen += bytes.length;
      onBytes(seen);
    },
    async end() {
      onEnd();
      return rows;
    },
  };
}
