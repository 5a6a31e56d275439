import type { Store } from '../ports/store.ts';
import type { CheckFinding } from './finding.ts';
import { failing, sound } from './finding.ts';

/** Whether somebody found that this database may be older than the world: then nothing is sent or acted on. */
export async function checkStanding(store: Store): Promise<CheckFinding> {
  const check = 'standing';
  const behind = await store.transact((tx) => tx.standing.behind());
  if (behind === null) return sound(check, 'nobody found that this database lacks anything');
  return failing(
    check,
    `nothing is sent or acted on since ${behind.foundAt.toISOString()}: ${behind.reason} (found on ${behind.foundOn})`,
    'Look at what is lost: allclear ledger accept-restored. See docs/runbooks/restored-backup.md.',
  );
}
