import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, failing, sound } from './finding.ts';

const noticeableMs = 2_000;
/** From here on nothing is destroyed (retention), and approvals are read as expired or not yet given. */
const wrongMs = 5 * 60_000;

/** The database's clock decides every wait; ours prints what people read and signs when a yes ends. */
export async function checkClock(store: Store, clock: Clock): Promise<CheckFinding> {
  const before = clock.now().getTime();
  const theirs = (await store.transact((tx) => tx.operation.now())).getTime();
  const after = clock.now().getTime();
  // Somewhere between asking and hearing; only what lies outside of that is a difference.
  const apartMs = Math.max(0, before - theirs, theirs - after);
  const check = 'clock';
  const seen = `this machine and the database are ${(apartMs / 1_000).toFixed(1)} s apart`;
  if (apartMs <= noticeableMs) return sound(check, seen);
  const mend = 'Let both hosts follow the same time server (chrony, systemd-timesyncd).';
  return apartMs > wrongMs ? failing(check, seen, mend) : doubtful(check, seen, mend);
}
