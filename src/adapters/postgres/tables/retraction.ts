import type { ColumnType, Generated } from 'kysely';

/** Tables of sql/0007-retraction.sql, as kysely reads and writes them. */
export interface RetractionTables {
  retraction: {
    no: Generated<number>;
    plan_no: number;
    author_no: number;
    header: string | null;
    digest: string | null;
    affected: number | null;
    code_version: string;
    created_at: ColumnType<Date, never, never>;
  };
  retraction_target: {
    retraction_no: number;
    ordinal: number;
    account_id: string;
    plan_ordinal: number;
    decision: string;
    reason: string;
    letter: 'final' | 'confirmed' | null;
    conditional: boolean;
    restore_ordinal: number | null;
    correct_ordinal: number | null;
  };
}
