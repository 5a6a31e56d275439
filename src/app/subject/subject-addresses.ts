import type { AccountId } from '../../domain/shared/ids.ts';
import type { Directory } from '../ports/directory.ts';
import type { HeldTarget } from '../ports/subject-store.ts';

/** Values beside the ledger that one look takes; a second look finds the rest. */
export const mostLedgerValues = 1_000;

/** Null also where the directory is away or the account gone: that keeps nobody from being erased here. */
export async function presentAddress(
  directory: Pick<Directory, 'readAccounts'>,
  account: AccountId,
): Promise<string | null> {
  const known = await directory.readAccounts([account]).catch(() => null);
  return known?.get(account)?.address ?? null;
}

/** Addresses by which people may have named the account in what they wrote. */
export function addressesOf(present: string | null, frozen: readonly HeldTarget[]): readonly string[] {
  const addresses = [present, ...frozen.map((one) => one.address)];
  return [...new Set(addresses.filter((one): one is string => one !== null && one !== ''))];
}
