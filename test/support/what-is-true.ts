import type { Meaning } from './notice-sentinels.ts';

/** What the test knows of one person from the world itself: directory, sessions, mailbox, ground truth of the list. */
export interface WorldOfPerson {
  /** Whether the password from before the campaign opens the account now. */
  readonly oldPasswordWorks: boolean;
  /** Whether the holder has chosen another one since. */
  readonly choseNewPassword: boolean;
  readonly sessionsEnded: boolean;
  /** A password that worked on the account is in the list, by ground truth. */
  readonly passwordInList: boolean;
  /** An event of the account stands in the observed list, and that list is not withdrawn. */
  readonly observed: boolean;
  readonly reported: boolean;
  /** Whether the first notice lies in the mailbox; `perhaps` where the mail server took it and the reply was lost. */
  readonly earlierNotice: 'received' | 'perhaps' | 'none';
  /** Whether somebody ordered a check that has not ended. */
  readonly beingChecked: boolean;
  /** Of an account that our plan suspended: the plan's reason, and how it stands now. Left out of any other. */
  readonly suspension?: {
    readonly reason: 'spam' | 'automation' | 'taken-over';
    readonly isSuspended: boolean;
    readonly isSuspendedOtherwise: boolean;
  };
  /** How the check ended: the evidence was withdrawn and nothing else stands, or it stands. */
  readonly verdict: 'mistake' | 'stands' | 'none';
}

/** Every statement that a mail may make to this person. */
export function whatIsTrue(world: WorldOfPerson): ReadonlySet<Meaning> {
  const { suspension } = world;
  const isReason = (reason: string): boolean => suspension?.reason === reason && (world.observed || world.reported);
  const truths: readonly (readonly [Meaning, boolean])[] = [
    ['old-password-works-no-more', !world.oldPasswordWorks],
    ['signed-out', world.sessionsEnded],
    ['password-known-to-others', world.passwordInList],
    ['activity-not-yours', world.observed],
    ['reported', world.reported],
    ['earlier-notice-sent', world.earlierNotice === 'received'],
    ['earlier-notice-perhaps', world.earlierNotice === 'perhaps'],
    ['our-mistake', world.verdict === 'mistake'],
    ['being-checked', world.beingChecked],
    ['notice-stands', world.verdict === 'stands'],
    ['password-works-again', suspension === undefined && world.oldPasswordWorks && !world.choseNewPassword],
    ['your-new-password-stays', world.choseNewPassword],
    ['password-not-given-back', world.verdict === 'mistake' && !world.oldPasswordWorks && !world.choseNewPassword],
    ['not-told-sooner', world.earlierNotice === 'none'],
    ['account-is-suspended', suspension?.isSuspended === true],
    ['suspension-ends', suspension?.isSuspended === true],
    ['for-spam', isReason('spam')],
    ['for-automation', isReason('automation')],
    ['somebody-else-uses-it', isReason('taken-over')],
    ['account-open-again', suspension?.isSuspended === false && !suspension.isSuspendedOtherwise],
    ['suspended-for-another-reason', suspension?.isSuspendedOtherwise === true],
  ];
  return new Set(truths.flatMap(([meaning, holds]) => (holds ? [meaning] : [])));
}
