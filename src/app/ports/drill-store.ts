import type { DrillReport } from '../../domain/drill/drill-report.ts';
import type { DrillId, OperatorId, PlanId } from '../../domain/shared/ids.ts';

export interface StoredDrill {
  readonly drill: DrillId;
  readonly state: 'running' | 'passed' | 'failed';
  /** Made-up people whom its evidence names. */
  readonly people: number;
  readonly codeVersion: string;
  readonly begunBy: OperatorId;
  readonly begunAt: Date;
  readonly endedAt: Date | null;
  /** Null while it runs. */
  readonly report: DrillReport | null;
}

export interface DrillOverride {
  readonly plan: PlanId;
  readonly reason: string;
  /** SHA-256 of the reason, hex. */
  readonly reasonDigest: string;
  readonly askedBy: OperatorId;
  readonly askedAt: Date;
}

export interface DrillStore {
  /** Null where another one runs. */
  begin(drill: {
    readonly people: number;
    readonly codeVersion: string;
    readonly begunBy: OperatorId;
  }): Promise<DrillId | null>;
  /** False where it was ended before. */
  end(drill: DrillId, state: 'passed' | 'failed', report: DrillReport): Promise<boolean>;
  read(drill: DrillId): Promise<StoredDrill | null>;
  /** Newest first. */
  list(limit: number): Promise<readonly StoredDrill[]>;
  running(): Promise<StoredDrill | null>;
  lastPassedAt(): Promise<Date | null>;
  /** When a deployment that was there before drills were heard of them; null for every later one. */
  countedFrom(): Promise<Date | null>;
  /** The newest reason to start this plan without a drill; null where nobody gave one. */
  override(plan: PlanId): Promise<DrillOverride | null>;
  /** A reason that was given before becomes the newest again. */
  askOverride(override: {
    readonly plan: PlanId;
    readonly reason: string;
    readonly reasonDigest: string;
    readonly askedBy: OperatorId;
  }): Promise<void>;
}
