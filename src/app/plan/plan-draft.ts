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
  readonly action: 'reset';
  /** Template id, taken in its newest version. */
  readonly notice: string;
  readonly limits: PlanLimits;
  readonly author: OperatorId;
}
