import type { ReviewVerdict } from '../../domain/approval/review-standing.ts';
import type { Evidence } from '../../domain/evidence/evidence.ts';
import { laneWordsOf } from '../../domain/plan/lane-words.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { AccountId, OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Directory } from '../ports/directory.ts';
import type { PasswordSchemes } from '../ports/password-scheme.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { Store } from '../ports/store.ts';
import { requireFrozen } from './own-review.ts';

/** A screen or two; each page is one entry of the ledger and one call of the directory. */
export const reviewPageMax = 100;

export interface ReadReviewDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly directory: Pick<Directory, 'readCredentials'>;
  readonly schemes: Pick<PasswordSchemes, 'schemeOf'>;
}

export interface ReviewPage {
  /** Only targets after this ordinal; null from the first. */
  readonly after: number | null;
  readonly limit: number;
  /** `open`: those without a verdict, or with one that could not tell. */
  readonly which: 'open' | 'all';
}

export interface ReviewEvidence {
  readonly evidence: number;
  readonly batch: string;
  readonly source: string;
  readonly authority: string;
  readonly class: string;
  readonly state: 'live' | 'withdrawn';
  readonly at: Date;
  readonly eventId: string | null;
  readonly rule: string | null;
  readonly reason: string | null;
  readonly remark: string | null;
}

/** A target as its reviewer sees it. Never an address, a password or a line number. */
export interface ReviewTarget {
  readonly ordinal: number;
  readonly accountId: string;
  readonly verdict: ReviewVerdict | null;
  readonly lane: string;
  readonly effect: string;
  /** What the plan does to this account, and why, in words. */
  readonly does: string;
  readonly reason: string;
  readonly told: boolean;
  readonly language: string | null;
  /** SHA-256 of a salt that stays with us and the address. */
  readonly addressDigest: string | null;
  /** Null: none, or the directory does not answer. */
  readonly scheme: string | null;
  readonly credential: 'as-frozen' | 'changed-since' | 'none' | 'unknown';
  readonly evidence: readonly ReviewEvidence[];
}

/**
 * Shows a reviewer their own targets with the evidence behind each. That they were shown is in the ledger before anything
 * is told; only what was shown can be judged. `Failure('needs-review')` before the draw.
 */
export async function readReviewTargets(
  deps: ReadReviewDeps,
  plan: PlanId,
  reviewer: OperatorId,
  { after, limit, which }: ReviewPage,
): Promise<readonly ReviewTarget[]> {
  const shown = await deps.store.transact(async (tx) => {
    const { action } = (await requireFrozen(tx, plan)).header;
    const drawn = await tx.reviews.drawn(plan, reviewer);
    if (drawn === null) {
      throw new Failure('needs-review', `Your targets of ${plan} are not drawn yet: allclear plan review ${plan}`);
    }
    const wanted = drawn
      .filter((one) => after === null || one.ordinal > after)
      .filter((one) => which === 'all' || one.verdict === null || one.verdict === 'cannot-tell')
      .slice(0, Math.min(limit, reviewPageMax));
    if (wanted.length === 0) return { action, targets: [], verdicts: new Map<number, ReviewVerdict | null>() };
    const ordinals = wanted.map((one) => one.ordinal);
    await tx.reviews.markRead(plan, reviewer, ordinals);
    await tx.ledger.append({ chain: 'installation', event: 'review.read', body: { plan, reviewer, ordinals } });
    const rows = await tx.plans.targetsAt(plan, ordinals);
    const evidence = await tx.evidence.allEvidence(rows.map((row) => accountId(row.accountId)));
    return {
      action,
      targets: rows.map((row) => ({ row, evidence: evidence.get(accountId(row.accountId)) ?? [] })),
      verdicts: new Map(wanted.map((one) => [one.ordinal, one.verdict])),
    };
  });
  const accounts = shown.targets.map(({ row }) => accountId(row.accountId));
  const credentials = accounts.length === 0 ? new Map() : await readCredentials(deps, accounts);
  return shown.targets.map(({ row, evidence }) => ({
    ordinal: row.ordinal,
    accountId: row.accountId,
    verdict: shown.verdicts.get(row.ordinal) ?? null,
    lane: row.lane,
    effect: row.effect,
    does: laneWordsOf(row.lane, true, shown.action).does,
    reason: `${row.reason}; ${laneWordsOf(row.lane, true, shown.action).why}`,
    told: row.tellOrdinal !== null,
    language: row.language,
    addressDigest: row.addressDigest,
    ...credentialOf(deps, row, credentials),
    evidence: evidence.filter((item) => row.evidence.includes(item.evidenceNo)).map(shownEvidence),
  }));
}

async function readCredentials(
  { directory }: ReadReviewDeps,
  accounts: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, string | null> | null> {
  return directory.readCredentials(accounts).catch(() => null);
}

function credentialOf(
  { digests, schemes }: ReadReviewDeps,
  row: StoredTarget,
  credentials: ReadonlyMap<AccountId, string | null> | null,
): Pick<ReviewTarget, 'scheme' | 'credential'> {
  if (credentials === null) return { scheme: null, credential: 'unknown' };
  const stored = credentials.get(accountId(row.accountId)) ?? null;
  if (stored === null) return { scheme: null, credential: row.credentialDigest === null ? 'none' : 'changed-since' };
  const isSame = digests.sha256(stored) === row.credentialDigest;
  return { scheme: schemes.schemeOf(stored), credential: isSame ? 'as-frozen' : 'changed-since' };
}

function shownEvidence(item: Evidence): ReviewEvidence {
  return {
    evidence: item.evidenceNo,
    batch: item.batch,
    source: item.source,
    authority: item.authority,
    class: item.class,
    state: item.state,
    at: item.eventAt ?? item.recordedAt,
    eventId: item.eventId,
    rule: item.rule,
    reason: item.reason,
    remark: item.remark,
  };
}
