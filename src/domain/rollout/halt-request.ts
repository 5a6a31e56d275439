import type { PlanId, RetractionId } from '../shared/ids.ts';
import type { HaltScope } from './halt-scope.ts';

export interface HaltRequest {
  /** Null: every rollout, retractions too. */
  readonly subject: PlanId | RetractionId | null;
  readonly scope: HaltScope;
  /** Who: an operator's id, or the gate or circumstance that did it. */
  readonly by: string;
  readonly reason: string;
}
