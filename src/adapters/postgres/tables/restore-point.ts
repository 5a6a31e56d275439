import type { Generated } from 'kysely';
import type { RestorePointState } from '../../../domain/action/restore-point.ts';

/** Tables of sql/*-restore-point.sql, as kysely reads and writes them. */
export interface RestorePointTables {
  plan_key: PlanKeyTable;
  restore_point: RestorePointTable;
  session_end: SessionEndTable;
}

interface PlanKeyTable {
  plan_no: number;
  key_id: string;
  wrapped: Buffer;
  made_at: Generated<Date>;
  destroyed_at: Generated<Date | null>;
}

interface RestorePointTable {
  no: Generated<number>;
  directory: string;
  account_id: string;
  plan_no: number;
  key_id: string;
  sealed: Buffer;
  hash_digest: string;
  marker: string;
  state: Generated<RestorePointState>;
  sealed_at: Generated<Date>;
  contained_at: Generated<Date | null>;
  sessions_ended_at: Generated<Date | null>;
  sessions_ended: Generated<number | null>;
  late_sessions_ended_at: Generated<Date | null>;
  late_sessions_ended: Generated<number | null>;
  closed_at: Generated<Date | null>;
  closed_by: Generated<string | null>;
}

interface SessionEndTable {
  plan_no: number;
  directory: string;
  account_id: string;
  sessions_ended: number;
  ended_at: Generated<Date>;
}
