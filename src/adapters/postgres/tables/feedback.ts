import type { ColumnType } from 'kysely';

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;

/** Tables of sql/0013-feedback.sql, as kysely reads and writes them. */
export interface FeedbackTables {
  feedback: {
    notice_number: string;
    kind: string;
    rollout_no: number;
    track: string;
    ordinal: number;
    class: string | null;
    status: string | null;
    source: string;
    provider_id: string | null;
    event_at: Instant | null;
    recorded_at: Instant;
  };
  resolved_outcome: {
    rollout_no: number;
    track: string;
    ordinal: number;
    state: number;
  };
}
