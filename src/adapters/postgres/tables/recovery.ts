import type { ColumnType, Generated } from 'kysely';

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;

/** Tables of sql/0023-recovery.sql, as kysely reads and writes them. */
export interface RecoveryTables {
  recovery: {
    no: Generated<number>;
    restore_point_no: number;
    plan_no: number;
    directory: string;
    account_id: string;
    way: string;
    browser_hash: string;
    network_hash: string;
    code_hash: string;
    revoke_hash: string | null;
    tries: Generated<number>;
    asked_at: Instant;
    expires_at: Instant;
    mail: string | null;
    typed_at: Instant | null;
    window_hash: string | null;
    opens_at: Instant | null;
    window_ends_at: Instant | null;
    warned_at: Instant | null;
    setting_at: Instant | null;
    revoked_at: Instant | null;
    done_at: Instant | null;
  };
  recovery_miss: { minute: Instant; misses: number };
  status_answer: { address_key: string; at: Instant };
}
