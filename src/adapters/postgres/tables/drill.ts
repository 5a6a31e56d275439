import type { Generated, GeneratedAlways } from 'kysely';
import type { DrillReport } from '../../../domain/drill/drill-report.ts';

/** Tables of sql/0025-drill.sql, as kysely reads and writes them. */
export interface DrillTables {
  drill: {
    no: GeneratedAlways<number>;
    state: 'running' | 'passed' | 'failed';
    people: number;
    code_version: string;
    begun_by: number;
    begun_at: Generated<Date>;
    ended_at: Date | null;
    report: DrillReport | null;
  };
  drill_override: {
    no: GeneratedAlways<number>;
    plan_no: number;
    reason: string;
    reason_digest: string;
    asked_by: number;
    asked_at: Generated<Date>;
  };
}
