import type { ColumnType, Generated } from 'kysely';

/** Tables of sql/*-request-key.sql, as kysely reads and writes them. */
export interface RequestKeyTables {
  request_key: {
    caller: string;
    key: string;
    fingerprint: string;
    body_mac: string | null;
    holder: string;
    begun_at: ColumnType<Date, never, never>;
    alive_at: Generated<Date>;
    status: number | null;
    content_type: string | null;
    answer: string | null;
  };
}
