import type { CheckFinding } from './finding.ts';
import { doubtful, failing, sound } from './finding.ts';

const leastVersion = 15;

export interface SeenDatabase {
  readonly majorVersion: number;
  readonly isReadOnly: boolean;
  readonly hearsNotices: boolean;
}

export interface SeenMigrations {
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
  readonly changed: readonly string[];
}

export function judgeDatabase({ majorVersion, isReadOnly, hearsNotices }: SeenDatabase): readonly CheckFinding[] {
  const findings = [
    majorVersion >= leastVersion
      ? sound('database', `Postgres ${majorVersion} answers`)
      : failing('database', `Postgres ${majorVersion}, and ${leastVersion} is the oldest that is used`, 'Upgrade it.'),
    hearsNotices
      ? sound('database notices', 'one connection hears what another one notifies')
      : failing(
          'database notices',
          'a notification between two connections of DATABASE_URL was not delivered: halts of other hosts would be missed',
          'DATABASE_URL leads through a pooler. Name Postgres itself, or a pooler in session mode.',
        ),
  ];
  if (isReadOnly)
    findings.push(
      failing('database', 'it is a standby or read-only: no permit can be taken', 'Name the primary in DATABASE_URL.'),
    );
  return findings;
}

export function judgeMigrations({ missing, unknown, changed }: SeenMigrations): CheckFinding {
  const check = 'migrations';
  if (changed.length > 0)
    return failing(check, `edited after they were applied: ${changed.join(', ')}`, 'Restore these files of sql/.');
  if (unknown.length > 0)
    return failing(check, `the database is newer than this version: ${unknown.join(', ')}`, 'Run the newer version.');
  if (missing.length > 0)
    return doubtful(check, `not applied yet: ${missing.join(', ')}`, 'Start the server: it applies them, halted.');
  return sound(check, 'all are applied');
}
