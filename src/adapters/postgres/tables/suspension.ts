import type { ColumnType, Generated } from 'kysely';
import type { SuspensionState } from '../../../domain/action/suspension.ts';

type Instant = ColumnType<Date | null, Date | undefined, Date>;

/** Table of sql/0035-suspension.sql, as kysely reads and writes it. */
export interface SuspensionTables {
  suspension: {
    no: Generated<number>;
    directory: string;
    account_id: string;
    plan_no: number;
    mark: string;
    state: Generated<SuspensionState>;
    marked_at: ColumnType<Date, undefined, never>;
    suspended_at: Instant;
    lapses_at: Instant;
    sessions_ended_at: Instant;
    sessions_ended: Generated<number | null>;
    late_sessions_ended_at: Instant;
    lift_asked_by: Generated<string | null>;
    closed_at: Instant;
    closed_by: Generated<string | null>;
  };
}
