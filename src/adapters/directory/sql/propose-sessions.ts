import { durationInWords } from '../../../domain/shared/duration-in-words.ts';
import type { Column, Table } from './catalog.ts';
import type { Mapping } from './mapping.ts';
import { pickAccountColumn, pickColumn } from './pick-column.ts';

/** What services call the value that a session or token carries a copy of. */
const sessionColumnNames = [
  'token_version',
  'session_version',
  'session_epoch',
  'token_epoch',
  'auth_version',
  'jwt_version',
  'session_generation',
  'sessions_valid_after',
  'tokens_valid_after',
  'valid_after',
  'tokens_revoked_at',
  'sessions_revoked_at',
  'security_stamp',
  'session_stamp',
];
/** Where nothing says how long a session lives, it is taken to live long. */
const assumedLiveMinutes = 30 * 24 * 60;

/** How sessions could be ended: by a table of them, a column of the accounts, or not at all. */
export function proposeSessions(
  tables: readonly Table[],
  accounts: Table,
  id: Column,
  reasons: Record<string, string>,
  doubts: string[],
): Mapping['sessions'] {
  const column = pickColumn(accounts, sessionColumnNames, [
    'int2',
    'int4',
    'int8',
    'timestamptz',
    'timestamp',
    'uuid',
    'text',
    'varchar',
  ]);
  for (const table of tables) {
    const account = pickAccountColumn(table, accounts, id);
    if (!/session/i.test(table.name) || account === null) continue;
    reasons['sessions'] = `a row of ${table.name} is a session; deleting it signs ${account.name} out`;
    if (column !== null)
      doubts.push(
        `${accounts.name}.${column.name} may end sessions too, and ${table.name} was taken. If the service looks at the column, write: sessions: { kind: column, column: ${column.name} }.`,
      );
    return { kind: 'table', schema: table.schema, table: table.name, account: account.name };
  }
  if (column !== null) {
    reasons['sessions'] =
      `no table of sessions was found; a session that was opened under another ${column.name} is refused by the service`;
    doubts.push(
      `Sessions are ended by changing ${accounts.name}.${column.name}. See that the service compares it at every request: allclear directory test cannot.`,
    );
    return { kind: 'column', column: column.name };
  }
  reasons['sessions'] = 'neither a table of sessions nor a column that ends them was found: they end by themselves';
  doubts.push(
    `Sessions cannot be ended: a thief who is in stays in. ${durationInWords(assumedLiveMinutes)} was assumed; write the longest that a session really ` +
      `lives, renewals included, as sessions.liveMinutes. Better: a column of ${accounts.name} that the service compares at every request (docs/recipes/your-own-table.md).`,
  );
  return { kind: 'none', liveMinutes: assumedLiveMinutes };
}
