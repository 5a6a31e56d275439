import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { Directory } from '../ports/directory.ts';
import type { Store } from '../ports/store.ts';

export interface FindAccountDeps {
  readonly store: Store;
  readonly directory: Directory;
}

export interface FoundAccount {
  readonly accountId: AccountId;
  /** Null: the directory did not answer. */
  readonly inDirectory: boolean | null;
}

/**
 * The account behind a notice number, an account id or an address, tried in this order. An address is compared as the
 * directory compares it. `Failure('not-found')`; `Failure('directory-unavailable')` for an address while it is away.
 */
export async function findAccount(deps: FindAccountDeps, query: string): Promise<FoundAccount> {
  const typed = query.trim();
  if (typed === '') throw nobody();
  const byNotice = await accountOfNotice(deps.store, typed);
  if (byNotice !== null) return { accountId: byNotice, inDirectory: await isInDirectory(deps, byNotice) };
  const id = accountId(typed);
  const inDirectory = await isInDirectory(deps, id);
  if (inDirectory === true || (await isKnownToUs(deps.store, id))) return { accountId: id, inDirectory };
  if (!typed.includes('@')) throw nobody();
  const byAddress = (await deps.directory.findByAddresses([typed])).get(typed);
  if (byAddress === undefined) throw nobody();
  return { accountId: byAddress, inDirectory: true };
}

async function accountOfNotice(store: Store, typed: string): Promise<AccountId | null> {
  const number = parseNoticeNumber(typed);
  if (number === null) return null;
  return store.transact(async (tx) => {
    const found = await tx.rollouts.findNotice(number);
    if (found === null) return null;
    const [member] = await tx.rollouts.mailMembers(found.rolloutNo, found.track, found.ordinal, 1);
    return member?.accountId ?? null;
  });
}

async function isInDirectory({ directory }: FindAccountDeps, id: AccountId): Promise<boolean | null> {
  const found = await directory.readAccounts([id]).catch(() => null);
  return found === null ? null : found.has(id);
}

async function isKnownToUs(store: Store, id: AccountId): Promise<boolean> {
  return store.transact(
    async (tx) => (await tx.plans.plansOf(id)).length > 0 || (await tx.evidence.allEvidence([id])).has(id),
  );
}

function nobody(): Failure {
  return new Failure(
    'not-found',
    'No account, address or notice is known by that. Check the spelling; a notice number looks like XXXX-XXXX-XXXX-XXXX-X.',
  );
}
