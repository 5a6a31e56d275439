import { Failure } from '../../domain/shared/failure.ts';
import type { Digests } from '../ports/digests.ts';
import type { Directory } from '../ports/directory.ts';
import type { Seal } from '../ports/seal.ts';
import type { Tx } from '../ports/store.ts';

/** The part of the store that actions on accounts write to. Any `Store` is one. */
export interface RestorePointTransactions {
  transact<T>(work: (tx: Pick<Tx, 'restorePoints'>) => Promise<T>): Promise<T>;
}

export interface ActionDeps {
  readonly store: RestorePointTransactions;
  readonly directory: Directory;
  readonly seal: Seal;
  readonly digests: Pick<Digests, 'sha256'>;
  /** The installation's own name: a seal of one deployment never opens in another. */
  readonly deployment: string;
}

/** The largest call that every directory takes. A permit is a tenth of it. */
export const mostAccountsAtOnce = 1_000;

/** Holds what every action on accounts relies on: the directory that the plan was frozen for, and each account once. */
export function refuseUnfitRequest(
  deps: ActionDeps,
  directory: string,
  accounts: readonly { readonly accountId: string }[],
): void {
  if (directory !== deps.directory.name) {
    throw new Failure(
      'environment-mismatch',
      `The plan is for directory ${directory}, and this worker is connected to ${deps.directory.name}. Nothing was done.`,
      { wanted: directory, connected: deps.directory.name },
    );
  }
  if (accounts.length > mostAccountsAtOnce) {
    throw new Failure(
      'internal',
      `${accounts.length} accounts in one call, and at most ${mostAccountsAtOnce} are taken. Split the call.`,
    );
  }
  if (new Set(accounts.map((account) => account.accountId)).size !== accounts.length) {
    throw new Failure('internal', 'An account is named twice in one call. Nothing was done.');
  }
}
