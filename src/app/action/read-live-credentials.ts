import type { LiveCredential } from '../../domain/action/live-credential.ts';
import { restorePointId, restorePointNumber } from '../../domain/action/restore-point.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Directory } from '../ports/directory.ts';
import type { Seal } from '../ports/seal.ts';

export interface LiveCredentialDeps {
  readonly directory: Directory;
  readonly seal: Seal;
  readonly digests: Pick<Digests, 'sha256'>;
}

export interface LiveCredentials {
  of(accountId: AccountId): LiveCredential;
  /** The stored text itself, for the compare-and-set. Null where passwordless or missing. */
  textOf(accountId: AccountId): string | null;
}

/** One read of the directory, sorted into what decisions know. Throws `Failure('directory-unavailable')`. */
export async function readLiveCredentials(
  deps: LiveCredentialDeps,
  accounts: readonly AccountId[],
): Promise<LiveCredentials> {
  const stored = accounts.length === 0 ? new Map<AccountId, null>() : await deps.directory.readCredentials(accounts);
  return {
    of: (accountId) => sortCredential(deps, accountId, stored.get(accountId)),
    textOf: (accountId) => stored.get(accountId) ?? null,
  };
}

function sortCredential(
  deps: LiveCredentialDeps,
  accountId: AccountId,
  text: string | null | undefined,
): LiveCredential {
  if (text === undefined) return { kind: 'missing' };
  if (text === null) return { kind: 'none' };
  const named = deps.seal.readMarker(deps.directory.name, accountId, text);
  const number = named === null ? null : restorePointNumber(named);
  return number === null
    ? { kind: 'hash', digest: deps.digests.sha256(text) }
    : { kind: 'marker', restorePoint: restorePointId(number) };
}
