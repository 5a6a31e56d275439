import type { SuspensionTerms } from '../../domain/plan/suspension-terms.ts';
import type { PlanAction } from '../../domain/plan/frozen-plan.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import type { BatchId, OperatorId } from '../../domain/shared/ids.ts';
import type { NoticeConstants } from '../notice/notice-constants.ts';
import type { Digests } from '../ports/digests.ts';
import type { Directory } from '../ports/directory.ts';
import type { NoticeNumbers } from '../ports/notice-numbers.ts';
import type { Seal } from '../ports/seal.ts';
import type { Store } from '../ports/store.ts';
import type { TemplateCatalog } from '../ports/template-catalog.ts';

export interface DraftPlanDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly directory: Directory;
  readonly seal: Seal;
  readonly templates: TemplateCatalog;
  readonly noticeNumbers: NoticeNumbers;
  readonly deployment: { readonly id: string; readonly environment: string };
  readonly codeVersion: string;
  readonly constants: NoticeConstants;
}

export interface DraftPlanRequest {
  readonly batches: readonly BatchId[];
  readonly action: PlanAction;
  /** With the action `suspend`, and with no other. */
  readonly suspension?: SuspensionTerms | null;
  /** Template id, taken in its newest version. */
  readonly notice: string;
  readonly limits: PlanLimits;
  readonly author: OperatorId;
}

export type SuspendingRequest = DraftPlanRequest & { readonly suspension: SuspensionTerms };

export function isSuspending(request: DraftPlanRequest): request is SuspendingRequest {
  return request.suspension !== undefined && request.suspension !== null;
}
