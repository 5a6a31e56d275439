import type { Remark, VerifiedAgainst } from '../../domain/evidence/evidence.ts';
import type { AccountId, Digest } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Account, Directory } from '../ports/directory.ts';
import type { PasswordSchemes } from '../ports/password-scheme.ts';
import type { Seal } from '../ports/seal.ts';
import type { OpenSealedHash } from '../ports/sealed-hashes.ts';
import { chunksOf } from './chunks-of.ts';

/** The directory port's limit. */
const accountsAtOnce = 1_000;

export interface SubjectDeps {
  readonly directory: Directory;
  readonly schemes: PasswordSchemes;
  readonly seal: Seal;
  readonly openSealedHash: OpenSealedHash;
  readonly digests: Digests;
}

/** What a leaked password of an account is held against. Tier 0 is verified first. */
export type Subject = { readonly tier: number } & (
  | {
      readonly kind: 'hash';
      readonly hash: string;
      readonly hashDigest: Digest;
      readonly scheme: string;
      readonly against: VerifiedAgainst;
    }
  | { readonly kind: 'unverifiable'; readonly remark: Remark }
);

/**
 * The hash of each account: the stored one, or, where a quarantine took it, the one that its restore point sealed.
 * Accounts that are gone from the directory are absent.
 */
export async function readSubjects(
  deps: SubjectDeps,
  accountIds: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, Subject>> {
  const subjects = new Map<AccountId, Subject>();
  for (const ids of chunksOf(accountIds, accountsAtOnce)) {
    const accounts = await deps.directory.readAccounts(ids);
    const credentials = await deps.directory.readCredentials(ids);
    for (const [accountId, account] of accounts) {
      const credential = credentials.get(accountId);
      if (credential !== undefined) subjects.set(accountId, await toSubject(deps, account, credential));
    }
  }
  return subjects;
}

async function toSubject(deps: SubjectDeps, account: Account, credential: string | null): Promise<Subject> {
  if (credential === null) return { kind: 'unverifiable', tier: lastTier, remark: 'passwordless' };
  const restorePoint = deps.seal.readMarker(deps.directory.name, account.accountId, credential);
  const against = restorePoint === null ? 'current' : 'restore-point';
  const hash = restorePoint === null ? credential : await deps.openSealedHash(account.accountId, restorePoint);
  const tier = tierOf(account, against);
  if (hash === null) return { kind: 'unverifiable', tier, remark: 'no-restore-point' };
  const scheme = deps.schemes.schemeOf(hash);
  if (scheme === null) return { kind: 'unverifiable', tier, remark: 'unknown-scheme' };
  return { kind: 'hash', tier, hash, hashDigest: deps.digests.sha256(hash), scheme, against };
}

const lastTier = 2;

/** A confirmed address is what a thief can use; what is quarantined already is in no hurry. */
function tierOf(account: Account, against: VerifiedAgainst): number {
  if (against === 'restore-point') return lastTier;
  return account.addressConfirmed ? 0 : 1;
}
