import type { Account, Directory } from '../src/app/ports/directory.ts';
import { accountId } from '../src/domain/shared/ids.ts';
import type { AccountId } from '../src/domain/shared/ids.ts';

/** Accounts that are computed from their number: a directory that costs nearly nothing, so that only our own work is measured. */
export function makeInventedDirectory(accounts: number): Directory {
  const refused = (): never => {
    throw new Error('a plan acts on nobody');
  };
  return {
    name: 'invented',
    environment: 'sample',
    capabilities: {
      quarantine: true,
      restore: true,
      compareAndSet: true,
      endSessions: true,
      suspend: false,
      countsSessions: true,
      sessionsLiveMinutes: null,
      lastSignIn: false,
      addressComparison: 'exact',
      collateral: [],
    },
    countAccounts: async () => accounts,
    listAddresses: refused,
    readAccounts: async (ids) => new Map(ids.map((id) => [id, inventedAccount(id)])),
    findByAddresses: refused,
    readCredentials: async (ids) => new Map(ids.map((id) => [id, inventedCredential(id)])),
    readLastSignIns: refused,
    quarantine: refused,
    restore: refused,
    readSuspensions: refused,
    suspend: refused,
    reinstate: refused,
    endSessions: refused,
  };
}

/** Ids in the order of their numbers, also as text. */
export function inventedId(number: number): AccountId {
  return accountId(`account-${String(number).padStart(9, '0')}`);
}

export function inventedCredential(id: AccountId): string {
  return `5a17:${id}-hash-of-a-password-that-nobody-has`;
}

function inventedAccount(id: AccountId): Account {
  return {
    accountId: id,
    address: `${id}@people.example`,
    addressConfirmed: true,
    addressChangedAt: null,
    passwordSetAt: null,
    hasPassword: true,
    language: 'en',
    timeZone: null,
    protectedAs: null,
  };
}
