import type { Store } from '../ports/store.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, sound } from './finding.ts';

const check = 'operator mail';
const days = 7;
/** A server that is up sends within seconds. */
const lateSeconds = 900;

/** Whether those who decide hear of changes of who may decide, of halts and of changed limits. `off`: why nothing is sent at all. */
export async function checkOperatorMail(store: Store, off: string | null, environment: string): Promise<CheckFinding> {
  if (off !== null && environment === 'sample')
    return sound(check, `nobody is told anything: ${off}; a sample has nothing to lose`);
  if (off !== null)
    return doubtful(
      check,
      `nobody is told by mail who else may decide, what was halted, which limit was changed: ${off}`,
      'Set SMTP_URL, and leave ALLCLEAR_OPERATOR_MAIL on.',
    );
  const { byState, oldestWaitingSeconds } = await store.transact((tx) => tx.bulletins.counts(days));
  const { waiting = 0, unknown = 0, refused = 0, sent = 0 } = byState;
  const givenUp = byState['given-up'] ?? 0;
  const seen = `in ${days} days ${sent} sent, ${waiting} waiting, ${refused} refused, ${unknown} unknown, ${givenUp} given up`;
  const isLate = oldestWaitingSeconds !== null && oldestWaitingSeconds > lateSeconds;
  if (refused + unknown + givenUp === 0 && !isLate) return sound(check, seen);
  return doubtful(
    check,
    seen,
    'Look at the addresses (allclear operator list) and the mailer; what they were not told stands in the ledger: allclear ledger list',
  );
}
