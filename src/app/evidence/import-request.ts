import type { ListClass, SourceAuthority } from '../../domain/evidence/evidence.ts';
import type { BatchId, OperatorId } from '../../domain/shared/ids.ts';

export interface ImportRequest {
  readonly stream: AsyncIterable<Uint8Array>;
  readonly source: { readonly name: string; readonly authority: SourceAuthority };
  readonly class: ListClass;
  readonly importer: OperatorId;
  readonly fileName: string;
  /** Who reports the accounts, in words. Needed for `reported`, refused for other classes. */
  readonly reportedBy: string | null;
  /** Import as a batch of its own even if a batch of the same list exists or stands unfinished. */
  readonly anew: boolean;
}

export type ImportOutcome =
  | { readonly kind: 'imported'; readonly batch: BatchId; readonly resumedAfterLine: number }
  /** This very list was imported from this source before; nothing was done. */
  | { readonly kind: 'already-imported'; readonly batch: BatchId };
