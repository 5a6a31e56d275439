import type pg from 'pg';

export interface Column {
  readonly name: string;
  /** As `pg_type.typname`: int8, uuid, varchar, ... */
  readonly type: string;
  /** Characters that fit; null where there is no bound. */
  readonly width: number | null;
  /** Two texts that differ in bytes never compare as equal. */
  readonly isExact: boolean;
  readonly isGenerated: boolean;
  /** A check constraint speaks about this column. */
  readonly isChecked: boolean;
  /** The column alone is a primary key or unique. */
  readonly isUnique: boolean;
  /** `schema.table.column` that a foreign key of this column alone leads to, as three names. */
  readonly references: readonly [schema: string, table: string, column: string] | null;
}

export interface Table {
  readonly schema: string;
  readonly name: string;
  /** `r` and `p` are tables; anything else cannot be swapped in. */
  readonly kind: string;
  /** Row-level security hides rows from the role that asks. */
  readonly hidesRows: boolean;
  readonly triggers: readonly string[];
  readonly columns: readonly Column[];
}

/** A service has fewer; more is another kind of database, and a person has to write the mapping. */
const mostTables = 2_000;

/**
 * Tables as the catalogue of Postgres has them, which every role may read. Without `wanted`: all that are not
 * Postgres's own, at most 2,000.
 */
export async function readCatalog(
  pool: pg.Pool,
  wanted?: readonly { readonly schema: string; readonly table: string }[],
): Promise<readonly Table[]> {
  const { rows } = await pool.query<Table>(
    `SELECT n.nspname AS schema, t.relname AS name, t.relkind::text AS kind, row_security_active(t.oid) AS "hidesRows",
       coalesce((SELECT json_agg(g.tgname ORDER BY g.tgname) FROM pg_trigger g
         WHERE g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D'), '[]') AS triggers,
       (SELECT coalesce(json_agg(json_build_object(
           'name', a.attname,
           'type', y.typname,
           'width', CASE WHEN y.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
           'isExact', y.typname <> 'citext' AND coalesce(c.collisdeterministic, true),
           'isGenerated', a.attgenerated <> '',
           'isChecked', EXISTS (SELECT FROM pg_constraint k
             WHERE k.conrelid = t.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey)),
           'isUnique', EXISTS (SELECT FROM pg_index i
             WHERE i.indrelid = t.oid AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1
               AND i.indkey[0] = a.attnum),
           'references', (SELECT json_build_array(fn.nspname, f.relname, fa.attname) FROM pg_constraint k
             JOIN pg_class f ON f.oid = k.confrelid
             JOIN pg_namespace fn ON fn.oid = f.relnamespace
             JOIN pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = k.confkey[1]
             WHERE k.conrelid = t.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] LIMIT 1)
         ) ORDER BY a.attnum), '[]')
         FROM pg_attribute a
         JOIN pg_type y ON y.oid = a.atttypid
         LEFT JOIN pg_collation c ON c.oid = a.attcollation
         WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
     FROM pg_class t
     JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE t.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
       AND ($1::text[] IS NULL OR (n.nspname, t.relname) IN (SELECT * FROM unnest($1::text[], $2::text[])))
     ORDER BY n.nspname, t.relname
     LIMIT ${mostTables}`,
    [wanted?.map((one) => one.schema) ?? null, wanted?.map((one) => one.table) ?? null],
  );
  return rows;
}
