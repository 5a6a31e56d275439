import type { Readable, Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** One table as it is in the catalog. Unlogged ones are left out: a crash empties them too. */
export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface SequenceValue {
  readonly table: string;
  readonly column: string;
  readonly last: number;
}

/** The tables of the schema, each after those that it refers to. `worker` and `sensor` say who is alive now, and are not kept. */
export async function listTables(client: pg.ClientBase): Promise<readonly BackupTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; refers: string[] }>(`
    SELECT c.relname AS name,
      (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
            WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS refers
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'allclear' AND c.relkind = 'r' AND c.relpersistence = 'p'
      AND c.relname NOT IN ('migration', 'worker', 'sensor', 'behind')
    ORDER BY c.relname`);
  const placed = new Set<string>();
  const ordered: BackupTable[] = [];
  while (ordered.length < rows.length) {
    const next = rows.find((row) => !placed.has(row.name) && row.refers.every((name) => placed.has(name)));
    if (next === undefined) throw new Error('tables refer to each other in a circle');
    placed.add(next.name);
    ordered.push({ name: next.name, columns: next.columns });
  }
  return ordered;
}

export async function readSequences(client: pg.ClientBase): Promise<readonly SequenceValue[]> {
  const { rows } = await client.query<{ table: string; column: string; last: number | null }>(`
    SELECT c.relname AS table, a.attname AS column,
      pg_sequence_last_value(pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname)::regclass) AS last
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'allclear' AND a.attidentity <> '' AND NOT a.attisdropped`);
  return rows.flatMap(({ table, column, last }) => (last === null ? [] : [{ table, column, last }]));
}

export async function setSequence(client: pg.ClientBase, { table, column, last }: SequenceValue): Promise<void> {
  await client.query(`SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3::bigint)`, [
    `allclear.${pg.escapeIdentifier(table)}`,
    column,
    last,
  ]);
}

/** Both sides speak the same dialect of text, whatever the settings of role and database are. */
export async function settleTextForm(client: pg.ClientBase): Promise<void> {
  await client.query(
    `SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 3`,
  );
}

/** Rows in Postgres's text form; `rowCount` is known at its end. */
export function copyOut(client: pg.ClientBase, table: BackupTable): Readable & { readonly rowCount: number } {
  return client.query(copyTo(`COPY ${target(table)} TO STDOUT (ENCODING 'UTF8')`));
}

export function copyIn(client: pg.ClientBase, table: BackupTable): Writable & { readonly rowCount: number } {
  return client.query(copyFrom(`COPY ${target(table)} FROM STDIN (ENCODING 'UTF8')`));
}

function target({ name, columns }: BackupTable): string {
  return `allclear.${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;
}

/** Whether anything of ours is in this database: a schema whose tables are all empty counts as nothing. */
export async function isEmptySchema(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'allclear' AND c.relkind = 'r' AND c.relname <> 'migration'`,
  );
  for (const { name } of rows) {
    const found = await client.query(`SELECT FROM allclear.${pg.escapeIdentifier(name)} LIMIT 1`);
    if (found.rowCount !== 0) return false;
  }
  return true;
}
