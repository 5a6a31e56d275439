import type { ColumnType, Generated } from 'kysely';

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;

/** Table of sql/0024-appeal.sql, as kysely reads and writes it. */
export interface AppealTables {
  appeal: {
    no: Generated<number>;
    notice_number: string;
    rollout_no: number;
    plan_no: number;
    account_id: string;
    words: string | null;
    opened_at: Instant;
    decision: string | null;
    reason: string | null;
    decided_by: number | null;
    decided_at: Instant | null;
    told: string | null;
    /** sql/0035-suspension.sql */
    lifted: Generated<string | null>;
  };
}
