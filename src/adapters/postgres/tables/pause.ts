import type { Generated, GeneratedAlways } from 'kysely';

/** Table of sql/0029-pause.sql, as kysely reads and writes it. */
export interface PauseTables {
  pause: {
    no: GeneratedAlways<number>;
    rollout_no: number;
    paused_by: number;
    reason: string;
    paused_at: Generated<Date>;
    ended_at: Date | null;
  };
}
