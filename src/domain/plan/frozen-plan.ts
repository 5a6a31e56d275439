import type { SuspensionTerms } from './suspension-terms.ts';
import type { PlanDigest, PlanId } from '../shared/ids.ts';
import type { PlanLimits } from './limits.ts';
import type { Effect, Lane } from './place-account.ts';
import type { WavePlan } from './waves.ts';

/** What a plan does. */
export type PlanAction = 'reset' | 'suspend';

/** One line of the export: what is decided for one account. The target digest is over these lines in order. */
export interface PlanTargetLine {
  readonly accountId: string;
  /** SHA-256 of a salt that stays with us and the address: binds the address without telling it. */
  readonly addressDigest: string | null;
  readonly containOrdinal: number;
  /** SHA-256 of the credential that the directory held when the plan was frozen. */
  readonly credentialDigest: string | null;
  readonly effect: Effect;
  readonly evidence: readonly number[];
  readonly lane: Lane;
  readonly language: string | null;
  readonly noticeNumber: string;
  readonly ordinal: number;
  readonly reason: string;
  readonly tellOrdinal: number | null;
  /** Where the holder lives, as `readTimeZone` gives it. Left out where the directory does not say. */
  readonly timeZone?: string;
}

export interface PlanExclusionLine {
  readonly accountId: string;
  readonly reason: string;
}

export interface PinnedTemplate {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  readonly language: string;
  readonly digest: string;
}

/** What two people say yes to. Its RFC 8785 text is stored and exported; the plan's digest is its SHA-256. */
export interface PlanHeader {
  readonly v: 1;
  readonly plan: PlanId;
  readonly deployment: string;
  readonly environment: string;
  readonly directory: string;
  readonly author: string;
  readonly action: PlanAction;
  /** Of a plan that suspends, and of no other. */
  readonly suspension?: SuspensionTerms;
  readonly notice: string;
  readonly codeVersion: string;
  readonly createdAt: string;
  readonly evidence: { readonly batches: readonly string[]; readonly items: number };
  readonly targets: {
    readonly total: number;
    readonly told: number;
    readonly lanes: Readonly<Record<string, number>>;
    readonly digest: string;
  };
  readonly exclusions: { readonly total: number; readonly digest: string };
  readonly templates: readonly PinnedTemplate[];
  /** What every mail says of the service itself. */
  readonly constants: { readonly 'service-name': string; readonly 'support-contact': string };
  readonly limits: PlanLimits;
  readonly waves: WavePlan;
  /**
   * Targets are ordered by SHA-256(order key, account id): fixed, and not ours to choose. That order says who is in
   * which wave; inside a wave that waits for its readers' hours, notices go zone by zone, each in that order.
   */
  readonly orderKey: string;
  readonly addressComparison: string;
  readonly collateral: readonly string[];
  /** Only where the directory cannot end sessions: the longest that one lives on by itself. */
  readonly sessionsLiveMinutes?: number;
  /**
   * Unaffected look-alikes that are only looked at: over the salted digests of their ids, so that erasing one changes nothing.
   * Absent where the directory does not say when somebody signed in, or nobody is like the targets.
   */
  readonly control?: { readonly total: number; readonly digest: string };
  readonly sealKeyId: string;
}

/** A plan whose rows are written and whose digest is known. */
export interface FrozenPlan {
  readonly id: PlanId;
  readonly digest: PlanDigest;
  readonly total: number;
  readonly header: PlanHeader;
  readonly authorNo: number;
}

declare const approved: unique symbol;
/** A frozen plan that the required number of people approved and whose approvals hold now. Made by `approvedPlan` only. */
export type ApprovedPlan = FrozenPlan & { readonly [approved]: true };
