import type { PlanAction } from '../plan/frozen-plan.ts';
import type { Effect } from '../plan/place-account.ts';

/**
 * What a retraction does for one account, derived anew from the evidence that is there now. Bad batches are mixtures:
 * withdrawing a batch gives nothing back to an account that any other evidence still speaks about (I16).
 */
export type RetractionDecision = 'restore' | 'keep' | 'person' | 'untouched';

export type RetractionReason =
  | 'evidence-withdrawn'
  | 'live-evidence'
  | 'verified-and-not-disproved'
  | 'source-doubted'
  | 'restore-window-passed'
  | 'no-evidence-at-all'
  | 'quarantined-by-another-plan'
  | 'sessions-only'
  | 'not-acted-on';

export interface RetractionEvidence {
  readonly class: 'verified' | 'observed' | 'reported' | 'weak';
  readonly state: 'live' | 'withdrawn';
  readonly cause: 'wrong-verdict' | 'own-export' | 'rule-wrong' | 'source-doubted' | null;
}

export interface RetractionFacts {
  readonly effect: Effect;
  readonly action: PlanAction;
  /** The word of the contain track's outcome for this account. */
  readonly contained: string;
  /** The old hash is sealed under this plan, or its suspension is marked: the directory may hold our marker, whatever the outcome says. */
  readonly isSealed: boolean;
  /** Whether the notice was or may have been delivered. */
  readonly told: boolean;
  readonly evidence: readonly RetractionEvidence[];
  /** Whole hours since the containment, without those of halts, and the plan's limit for a restore without the holder's act. */
  readonly hoursSinceContained: number;
  readonly restoreHours: number;
}

export interface DecidedAccount {
  readonly decision: RetractionDecision;
  readonly reason: RetractionReason;
  /** The notice was wrong, and its reader is owed the final correction. */
  readonly owedCorrection: boolean;
}

export function decideRetraction(facts: RetractionFacts): DecidedAccount {
  // A worker that was lost between the swap and its record leaves a seal and no outcome: restoring looks at the marker.
  const acted = facts.contained === 'contained' || facts.isSealed;
  if (!acted && !facts.told) {
    const reason = facts.contained === 'already-quarantined' ? 'quarantined-by-another-plan' : 'not-acted-on';
    return { decision: 'untouched', reason, owedCorrection: false };
  }
  const strong = facts.evidence.filter((item) => speaksFor(facts.action, item));
  if (strong.length === 0) return decided('person', 'no-evidence-at-all');
  const held = whatHolds(facts.action, strong);
  if (held !== null) return decided(held === 'live-evidence' ? 'keep' : 'person', held);
  if (!acted) return { decision: 'untouched', reason: 'not-acted-on', owedCorrection: true };
  if (facts.effect === 'end-sessions')
    return { decision: 'untouched', reason: 'sessions-only', owedCorrection: facts.told };
  // Letting somebody in again who was kept out wrongly is no danger that grows with time.
  if (facts.action === 'reset' && facts.hoursSinceContained >= facts.restoreHours)
    return decided('person', 'restore-window-passed');
  return { decision: 'restore', reason: 'evidence-withdrawn', owedCorrection: facts.told };
}

/**
 * What speaks against giving a password back, or against lifting a suspension; else null. Asked when a retraction is drawn up and again inside each restore,
 * so that both always agree.
 */
export function whatHolds(action: PlanAction, evidence: readonly RetractionEvidence[]): RetractionReason | null {
  const strong = evidence.filter((item) => speaksFor(action, item));
  if (strong.some((item) => item.state === 'live')) return 'live-evidence';
  if (strong.some((item) => item.cause === 'source-doubted')) return 'source-doubted';
  const isSound = strong.some((item) => item.class === 'verified' && !disproves(item.cause));
  return isSound ? 'verified-and-not-disproved' : null;
}

/** A leaked password calls for a reset, and is no ground for keeping anybody suspended. */
function speaksFor(action: PlanAction, { class: of }: RetractionEvidence): boolean {
  return action === 'suspend' ? of === 'observed' || of === 'reported' : of !== 'weak';
}

/** A verified verdict is a fact about the password. Only a wrong verdict, or a list that never left us, takes it back. */
function disproves(cause: RetractionEvidence['cause']): boolean {
  return cause === 'wrong-verdict' || cause === 'own-export';
}

function decided(decision: 'keep' | 'person', reason: RetractionReason): DecidedAccount {
  return { decision, reason, owedCorrection: false };
}
