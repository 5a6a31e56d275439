import type { ColumnType, Generated } from 'kysely';

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;

/** Tables of sql/0006-rollout.sql, as kysely reads and writes them. */
export interface RolloutTables {
  rollout: {
    no: Generated<number>;
    kind: 'plan' | 'retraction';
    subject_no: number;
    digest: string;
    code_version: string;
    started_by: number;
    started_at: ColumnType<Date, never, never>;
  };
  track: {
    rollout_no: number;
    track: string;
    phase: 'running' | 'halted' | 'finished';
    reasons: Generated<string[]>;
    epoch: Generated<number>;
    members: number;
    wave_ends: number[];
    soak_seconds: number[];
    waves_opened: Generated<number>;
    open_to: Generated<number>;
    next_ordinal: Generated<number>;
    wave_opened_at: Instant | null;
    wave_settled_at: Instant | null;
    halted_at: Instant | null;
    halted_by: string | null;
    acknowledged: ColumnType<unknown, string | undefined, string>;
  };
  permit: {
    rollout_no: number;
    track: string;
    from_ordinal: number;
    size: number;
    wave: number;
    state: 'open' | 'returned' | 'settled';
    attempt: Generated<number>;
    epoch: number;
    holder: string;
    host: string;
    taken_at: Instant;
    expires_at: Instant;
    due_at: Instant | null;
    outcome: Buffer;
    settled_at: Instant | null;
    held_until: Instant | null;
    /** sql/0032-counts.sql */
    tries: Generated<number>;
  };
  /** sql/0031-told-hour.sql and 0032-counts.sql */
  told_hour: {
    no: Generated<number>;
    rollout_no: number;
    taken_at: Generated<Date>;
    people: number;
    boot: string | null;
    boot_ms: number | null;
    wall_ms: number | null;
  };
  outcome_note: {
    rollout_no: number;
    track: string;
    ordinal: number;
    attempt: number;
    state: string;
    note: string;
    class: string | null;
    at: Instant;
  };
  letter: {
    rollout_no: number;
    track: string;
    ordinal: number;
    account_id: string;
    plan_no: number;
    plan_ordinal: number;
    template_kind: string;
    conditional: boolean;
    notice_number: string;
  };
  mail_sample: {
    rollout_no: number;
    track: string;
    variant: string;
    mails: number;
    smallest_bytes: number;
    largest_bytes: number;
    foreign_mails: number;
  };
  dispute: {
    notice_number: string;
    rollout_no: number;
    track: string;
    ordinal: number;
    counted: boolean;
    pressed_at: Instant;
  };
  sensor: { name: string; seen_at: Instant };
  worker: {
    id: string;
    host: string;
    pid: number;
    code_version: string;
    mail_hold: string | null;
    started_at: Instant;
    seen_at: Instant;
  };
}
