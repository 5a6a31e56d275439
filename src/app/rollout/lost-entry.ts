import type { PermitJournal } from '../ports/permit-journal.ts';
import type { Tx } from '../ports/store.ts';

/**
 * Whether the database still has the newest entry under which this host acted in a rollout: null, or what is missing in
 * words. Asked in the transaction that would act on what the database says; one look by primary key.
 */
export async function lostEntry(tx: Tx, journal: PermitJournal, rolloutNo: number): Promise<string | null> {
  const newest = journal.newest(rolloutNo);
  if (newest === null) return null;
  const { seq, hash } = newest;
  if (await tx.ledger.holds({ chain: `rollout:${rolloutNo}`, seq, hash })) return null;
  if (await tx.standing.wasHeard(journal.host, hash)) {
    // The loss was accepted knowing this journal; it is closed here now.
    journal.close(rolloutNo);
    return null;
  }
  return `this host worked under entry ${seq} of rollout:${rolloutNo}, and the database does not have it`;
}
