import { suspensionId, suspensionNumber } from '../../domain/action/suspension.ts';
import type { LiveSuspension } from '../../domain/action/suspension.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { Directory } from '../ports/directory.ts';
import type { Seal } from '../ports/seal.ts';
import type { Tx } from '../ports/store.ts';

/** The part of the store that suspensions write to. Any `Store` is one. */
export interface SuspensionTransactions {
  transact<T>(work: (tx: Pick<Tx, 'suspensions'>) => Promise<T>): Promise<T>;
}

export interface SuspensionDeps {
  readonly store: SuspensionTransactions;
  readonly directory: Directory;
  readonly seal: Pick<Seal, 'suspensionMark' | 'readSuspensionMark'>;
}

/** One read of the directory, sorted into what decisions know. Throws `Failure('directory-unavailable' | 'usage')`. */
export async function readLiveSuspensions(
  { directory, seal }: Pick<SuspensionDeps, 'directory' | 'seal'>,
  accounts: readonly AccountId[],
): Promise<(accountId: AccountId) => LiveSuspension> {
  const found = accounts.length === 0 ? new Map<AccountId, null>() : await directory.readSuspensions(accounts);
  return (accountId) => {
    const stored = found.get(accountId);
    if (stored === undefined) return { kind: 'missing' };
    if (stored === null) return { kind: 'none' };
    const named = seal.readSuspensionMark(directory.name, accountId, stored);
    const number = named === null ? null : suspensionNumber(named);
    return number === null ? { kind: 'other' } : { kind: 'ours', suspension: suspensionId(number) };
  };
}
