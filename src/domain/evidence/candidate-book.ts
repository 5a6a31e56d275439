import type { AccountId, Digest } from '../shared/ids.ts';
import type { VerifiedAgainst } from './evidence.ts';

/** Distinct leaked passwords tried per account and batch: a hostile list that names one account a million times must not burn a million slow hashes. */
export const maxCandidates = 20;

export type Verdict =
  | { readonly worked: false }
  | { readonly worked: true; readonly against: VerifiedAgainst; readonly hashDigest: Digest };

export type Admission =
  | { readonly kind: 'verify' }
  | { readonly kind: 'known'; readonly verdict: Verdict }
  | { readonly kind: 'over-limit' };

/**
 * Which candidate passwords of which account were seen in this batch, by fingerprint, and what became of them. One
 * book per import; verdicts belong to one account and are never shared between accounts whose hashes look alike.
 */
export class CandidateBook {
  /** Null: admitted, verdict not known (yet, or lost with the run that was interrupted). */
  readonly #seen = new Map<AccountId, Map<string, Verdict | null>>();

  /** Gives the candidate its place, if there is one. Candidates must be admitted in line order. */
  admit(accountId: AccountId, fingerprint: string): Admission {
    let candidates = this.#seen.get(accountId);
    if (candidates === undefined) {
      candidates = new Map();
      this.#seen.set(accountId, candidates);
    }
    const verdict = candidates.get(fingerprint);
    if (verdict !== undefined) return verdict === null ? { kind: 'verify' } : { kind: 'known', verdict };
    if (candidates.size >= maxCandidates) return { kind: 'over-limit' };
    candidates.set(fingerprint, null);
    return { kind: 'verify' };
  }

  settle(accountId: AccountId, fingerprint: string, verdict: Verdict): void {
    this.#seen.get(accountId)?.set(fingerprint, verdict);
  }
}
