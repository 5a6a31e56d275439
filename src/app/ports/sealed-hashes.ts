import type { AccountId } from '../../domain/shared/ids.ts';

/**
 * The password hash that a quarantine sealed for this account under this restore point, opened; null where the
 * restore point is closed, unknown or another account's. `Failure('key-missing' | 'seal-broken')` as the seal.
 */
export type OpenSealedHash = (accountId: AccountId, restorePoint: string) => Promise<string | null>;
