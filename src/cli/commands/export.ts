import type { Command } from 'commander';
import { backupPassphrase } from '../backup-passphrase.ts';
import type { BackupProgress, BackupReport } from '../local-verbs.ts';
import { grouped, pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addExport(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly withKeys?: boolean }>(parent, verbs, {
    usage: 'export <file>',
    summary:
      "writes a backup, on the server's own machine: one encrypted file of the database and its checkpoints, beside a running server",
    example: 'allclear export /backup/allclear-monday.acb',
    options: [['--with-keys', 'the keys too: who has the file and its passphrase then has everything']],
    async run(session, [file = ''], flags) {
      const { out, world } = session;
      const withKeys = flags.withKeys === true;
      const passphrase = await backupPassphrase(session, true);
      const report = await world.local.exportBackup({ file, passphrase, withKeys }, (progress) =>
        out.progress(progressLine('Writing', progress)),
      );
      out.data(report, () => [
        `Written: ${report.file}`,
        ...backupLines(report),
        ...report.keysApart.map((key) => `Keep apart from it: ${key.file}. Without it ${key.without}.`),
        ...(withKeys ? ['The keys are inside: whoever has file and passphrase can read every quarantined hash.'] : []),
        'See that it can be read: allclear import --check FILE',
      ]);
    },
  });
}

export function progressLine(verb: string, { table, bytes, tablesDone }: BackupProgress): string {
  return `${verb} ${table}: ${grouped(Math.round(bytes / 1e6))} MB (${tablesDone} tables done)`;
}

export function backupLines(report: BackupReport): readonly string[] {
  return pairs([
    ['deployment', `${report.deployment}, ${report.environment}`],
    ['as of', report.takenAt],
    ['size', `${grouped(Math.ceil(report.bytes / 1e3))} kB, encrypted`],
    ['rows', `${grouped(report.rows)} in ${report.tables.length} tables`],
    ['newest migration', report.newestMigration],
    ['keys', report.hasKeys ? 'inside' : 'not inside'],
    ['sealed under', report.sealedUnder.join(', ') || 'nothing is sealed'],
  ]);
}
