import type { Digest, PlanId, RetractionId } from '../shared/ids.ts';
import type { WavePlan } from '../plan/waves.ts';
import type { RetractionDecision, RetractionReason } from './decide-retraction.ts';

/** One line of a retraction: what is decided for one account of the plan, and why. */
export interface RetractionTargetLine {
  readonly accountId: string;
  /** The letter that its holder gets: `final`, `confirmed`, or none. */
  readonly letter: 'final' | 'confirmed' | null;
  /** The notice may or may not have arrived: conditional words. */
  readonly conditional: boolean;
  readonly decision: RetractionDecision;
  readonly ordinal: number;
  readonly planOrdinal: number;
  readonly reason: RetractionReason;
  readonly restoreOrdinal: number | null;
  readonly correctOrdinal: number | null;
}

export interface RetractionHeader {
  readonly v: 1;
  readonly retraction: RetractionId;
  readonly plan: PlanId;
  readonly planDigest: string;
  readonly deployment: string;
  readonly environment: string;
  readonly directory: string;
  readonly author: string;
  readonly codeVersion: string;
  readonly createdAt: string;
  readonly targets: {
    readonly total: number;
    readonly restore: number;
    readonly correct: number;
    readonly decisions: Readonly<Record<string, number>>;
    readonly reasons: Readonly<Record<string, number>>;
    readonly digest: string;
  };
  readonly waves: WavePlan;
}

/** `affected`: accounts that get their password back or a letter; what the approver types, and what decides on the quorum. */
export interface FrozenRetraction {
  readonly id: RetractionId;
  readonly plan: PlanId;
  readonly digest: Digest;
  readonly affected: number;
  readonly header: RetractionHeader;
  readonly authorNo: number;
}
