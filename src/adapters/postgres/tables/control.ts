import type { ColumnType } from 'kysely';

/** Tables of sql/0033-control-group.sql, as kysely reads and writes them. */
export interface ControlTables {
  plan_control: { plan_no: number; ordinal: number; account_id: string | null; account_digest: string };
  sign_in_count: {
    plan_no: number;
    wave: number;
    age_seconds: number;
    told_at: ColumnType<Date, never, never>;
    due_at: ColumnType<Date, never, never>;
    claimed_until: ColumnType<Date | null, never, never>;
    read_at: ColumnType<Date | null, never, never>;
    counted_from: Date | null;
    people: number | null;
    signed_in: number | null;
    control: number | null;
    control_signed_in: number | null;
  };
}
