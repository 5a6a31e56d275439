import type { ColumnType, Generated } from 'kysely';

/** Tables of sql/0021-mail-queue.sql, as kysely reads and writes them. */
export interface MailQueueTables {
  mail_queue: {
    host: string;
    host_name: string;
    waiting: number;
    deferred: number;
    on_hold: number;
    others: number;
    cap: number;
    commanded: boolean;
    hold_reason: string | null;
    read_error: string | null;
    command_error: string | null;
    read_at: Date | null;
    looked_at: Generated<Date>;
  };
  queue_hold: {
    host: string;
    queue_id: string;
    notice_number: string;
    rollout_no: number;
    track: string;
    ordered_at: Generated<Date>;
    seen_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
}
