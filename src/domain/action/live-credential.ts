import type { RestorePointId, RestorePointState } from './restore-point.ts';

/** What a directory holds for an account at this moment. A hash is known by its SHA-256 (hex), never carried about. */
export type LiveCredential =
  | { readonly kind: 'missing' }
  | { readonly kind: 'none' }
  | { readonly kind: 'marker'; readonly restorePoint: RestorePointId }
  | { readonly kind: 'hash'; readonly digest: string };

/** What decisions need to know of a restore point. */
export interface RestorePointFacts {
  readonly id: RestorePointId;
  readonly state: RestorePointState;
  readonly hashDigest: string;
  readonly containedAt: Date | null;
  readonly sessionsEndedAt: Date | null;
}
