import type { ColumnType } from 'kysely';

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;

/** Tables of sql/0018-feedback.sql, as kysely reads and writes them. */
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
  suppression: {
    address_key: string;
    reason: string;
    status: string | null;
    notice_number: string;
    suppressed_at: Instant;
    removed_at: Instant | null;
    removed_by: string | null;
  };
  resolved_outcome: {
    rollout_no: number;
    track: string;
    ordinal: number;
    state: number;
  };
}
