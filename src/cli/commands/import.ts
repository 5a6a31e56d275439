import type { Command } from 'commander';
import { backupPassphrase } from '../backup-passphrase.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';
import { backupLines, progressLine } from './export.ts';

export function addImport(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly check?: boolean }>(parent, verbs, {
    usage: 'import <file>',
    summary:
      "puts a backup into an empty database, on the server's own machine: all of it or nothing. It comes up halted, and sends nothing until you accept what may be lost",
    example: 'allclear import --check /backup/allclear-monday.acb',
    options: [['--check', 'only reads the whole file and says whether it is sound']],
    async run(session, [file = ''], flags) {
      const { out, world } = session;
      const passphrase = await backupPassphrase(session, false);
      if (flags.check === true) {
        const report = await world.local.checkBackup({ file, passphrase }, (progress) =>
          out.progress(progressLine('Reading', progress)),
        );
        out.data(report, () => ['The backup is sound.', ...backupLines(report)]);
        return;
      }
      const report = await world.local.importBackup({ file, passphrase }, (progress) =>
        out.progress(progressLine('Loading', progress)),
      );
      out.data(report, () => [
        'Restored. Everything is halted, and nothing is sent or acted on.',
        ...backupLines(report),
        ...report.halted.map((subject) => `halted: ${subject}`),
        ...report.migrated.map((name) => `migrated: ${name}`),
        ...report.filesWritten.map((path) => `put in place: ${path}`),
        'Next: put the newest checkpoints.ndjson and the state folders in place, then allclear ledger accept-restored',
        'See docs/runbooks/restored-backup.md.',
      ]);
    },
  });
}
