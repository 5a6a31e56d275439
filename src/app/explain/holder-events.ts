import type { Appeal } from '../../domain/appeal/appeal.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { Recovery } from '../ports/recovery-store.ts';
import type { Tx } from '../ports/store.ts';
import type { ExplainedEvent } from './explanation.ts';

/** Five codes a day for two weeks; whoever asked oftener is told by the newest. */
const mostRecoveries = 70;

/** What the holder of an account did about it themselves, by the pages. */
export async function readHolderEvents(
  tx: Tx,
  directory: string,
  account: AccountId,
): Promise<readonly ExplainedEvent[]> {
  const recoveries = await tx.recoveries.ofAccount(directory, account, mostRecoveries);
  const appeals = await tx.appeals.ofAccount(account);
  return [...recoveries.flatMap(recoveryEvents), ...appeals.flatMap(appealEvents)];
}

function recoveryEvents(one: Recovery): readonly ExplainedEvent[] {
  const mail = one.mail === null ? 'its mail is not known to have left' : `its mail: ${one.mail}`;
  const steps: readonly (readonly [Date | null, string])[] = [
    [one.askedAt, `a code for a new password was asked for; ${mail}`],
    [one.typedAt, 'the code was typed'],
    [
      one.warnedAt,
      `the mailbox is in doubt: every address was told that it waits until ${one.opensAt?.toISOString() ?? ''}`,
    ],
    [one.revokedAt, 'this recovery is over without a new password'],
    [one.doneAt, 'a new password was chosen with us'],
  ];
  return steps.flatMap(([at, what]) => (at === null ? [] : [{ at, what, of: one.plan }]));
}

function appealEvents(one: Appeal): readonly ExplainedEvent[] {
  const opened = { at: one.openedAt, what: `an appeal was opened about notice ${one.noticeNumber}`, of: one.id };
  if (one.decidedAt === null) return [opened];
  const told = one.told === null ? 'its holder was not told' : `its holder was told: ${one.told}`;
  return [opened, { at: one.decidedAt, what: `the appeal was ${one.decision ?? ''}; ${told}`, of: one.id }];
}
