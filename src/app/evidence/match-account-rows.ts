import type { Finding } from '../../domain/evidence/finding.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { Account, Directory } from '../ports/directory.ts';
import type { AccountRow } from '../ports/list-reader.ts';
import { chunksOf } from './chunks-of.ts';
import type { ListMatcher } from './list-matcher.ts';

/** The directory port's limit. */
const accountsAtOnce = 1_000;

/** Takes the rows whose account id the directory has, byte for byte; notes events from before the present password. */
export function makeAccountRowMatcher(
  directory: Directory,
  evidenceClass: 'observed' | 'reported',
): ListMatcher<AccountRow> {
  return {
    // Nothing is counted per account here, so nothing has to be remembered.
    replay: () => Promise.resolve(),

    async match(rows) {
      const accounts = new Map<AccountId, Account>();
      for (const ids of chunksOf([...new Set(rows.map((row) => row.accountId))], accountsAtOnce)) {
        for (const [id, account] of await directory.readAccounts(ids)) accounts.set(id, account);
      }
      const findings = rows.flatMap((row) => {
        const account = accounts.get(row.accountId);
        return account === undefined ? [] : [toFinding(row, account, evidenceClass)];
      });
      const unknown = rows.length - findings.length;
      return {
        findings,
        linesMet: findings.length,
        candidates: 0,
        refused: unknown === 0 ? {} : { 'unknown-account': unknown },
      };
    },
  };
}

function toFinding(row: AccountRow, account: Account, evidenceClass: 'observed' | 'reported'): Finding {
  const { line, ...facts } = row;
  const isOlder =
    row.eventAt !== null && account.passwordSetAt !== null && row.eventAt.getTime() < account.passwordSetAt.getTime();
  return {
    ...facts,
    class: evidenceClass,
    against: null,
    hashDigest: null,
    remark: isOlder ? 'older-than-password' : null,
    lines: [line],
    linesTotal: 1,
    namesMailbox: false,
  };
}
