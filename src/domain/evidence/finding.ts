import type { AccountId, Digest } from '../shared/ids.ts';
import type { EvidenceClass, Remark, VerifiedAgainst } from './evidence.ts';

/** Line numbers kept per piece of evidence; of a list that repeats one pair thousands of times the total is enough. */
export const maxLinesKept = 64;

/** What an import has found about one account (and one event, for observed lists) before or after it is stored. */
export interface Finding {
  readonly accountId: AccountId;
  readonly class: EvidenceClass;
  readonly against: VerifiedAgainst | null;
  readonly hashDigest: Digest | null;
  readonly remark: Remark | null;
  /** Ascending, at most `maxLinesKept`. Empty for weak evidence: no line of it said anything that works. */
  readonly lines: readonly number[];
  readonly linesTotal: number;
  /** Empty where the class knows no events. */
  readonly eventId: string;
  readonly eventAt: Date | null;
  readonly rule: string | null;
  readonly reason: string | null;
  /** The list names the account's own mailbox, with whatever password. */
  readonly namesMailbox: boolean;
}

/** Two findings of one batch with the same key are one piece of evidence. */
export function findingKey(finding: Pick<Finding, 'accountId' | 'eventId'>): string {
  return JSON.stringify([finding.accountId, finding.eventId]);
}

/**
 * One piece of evidence out of what is stored and what was found since. Verified outranks weak, whichever came first;
 * of two verified verdicts the later names the credential, and both keep their lines.
 */
export function mergeFindings(stored: Finding, found: Finding): Finding {
  return { ...merged(stored, found), namesMailbox: stored.namesMailbox || found.namesMailbox };
}

function merged(stored: Finding, found: Finding): Finding {
  if (stored.class === 'verified' && found.class === 'weak') return stored;
  if (stored.class === 'weak') return found.class === 'weak' ? { ...stored, remark: found.remark } : found;
  const kept = found.class === 'verified' ? found : stored;
  return {
    ...kept,
    lines: mergeLines(stored.lines, found.lines),
    linesTotal: stored.linesTotal + found.linesTotal,
  };
}

function mergeLines(left: readonly number[], right: readonly number[]): readonly number[] {
  return [...new Set([...left, ...right])].toSorted((a, b) => a - b).slice(0, maxLinesKept);
}
