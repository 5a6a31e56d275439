import { durationInWords } from '../shared/duration-in-words.ts';
import type { Effect, Lane } from './place-account.ts';

export interface PlannedGroup {
  readonly lane: Lane;
  readonly effect: Effect;
  readonly told: boolean;
  readonly hasAddress: boolean;
  readonly count: number;
}

/** People who may not get back in by themselves, or will not know why they were signed out. */
export interface LockOutRisk {
  readonly risk:
    | 'quarantined-and-untold'
    | 'no-confirmed-address'
    | 'address-may-be-the-thiefs'
    | 'mailbox-may-be-read'
    | 'sessions-only'
    | 'sessions-live-on';
  readonly count: number;
  readonly words: string;
}

function isKeptOut({ effect }: PlannedGroup): boolean {
  return effect === 'quarantine' || effect === 'suspend';
}

/**
 * `sessionsLiveMinutes`: null where the directory ends sessions. Groups may overlap: somebody without a confirmed address is also quarantined and untold. Risks
 * of nobody are left out.
 */
export function lockOutRisks(
  groups: readonly PlannedGroup[],
  sessionsLiveMinutes: number | null,
): readonly LockOutRisk[] {
  const countOf = (isAtRisk: (group: PlannedGroup) => boolean): number =>
    groups.filter(isAtRisk).reduce((sum, group) => sum + group.count, 0);
  const risks: readonly LockOutRisk[] = [
    {
      risk: 'quarantined-and-untold',
      count: countOf((group) => isKeptOut(group) && !group.told),
      words: 'cannot sign in any more and are not told why: the sign-in page has to say it',
    },
    {
      risk: 'no-confirmed-address',
      count: countOf((group) => isKeptOut(group) && (!group.hasAddress || group.lane === 'no-confirmed-address')),
      words: 'have no confirmed address, so forgot-password may not reach them: assisted recovery only',
    },
    {
      risk: 'address-may-be-the-thiefs',
      count: countOf((group) => group.lane === 'address-changed'),
      words: 'changed their address after the evidence: forgot-password may go to whoever took the account over',
    },
    {
      risk: 'mailbox-may-be-read',
      count: countOf((group) => group.lane === 'mailbox-named'),
      words:
        'are named in the list with their mailbox as well: a forgot-password that trusts mail alone may let the thief in',
    },
    {
      risk: 'sessions-only',
      count: countOf((group) => group.effect === 'end-sessions'),
      words: 'are signed out and keep their password, or have none; they get no mail',
    },
    {
      risk: 'sessions-live-on',
      count: sessionsLiveMinutes === null ? 0 : countOf(isKeptOut),
      words: `stay signed in, and so does a thief who is in, for up to ${durationInWords(sessionsLiveMinutes ?? 0)}: their sessions cannot be ended`,
    },
  ];
  return risks.filter((risk) => risk.count > 0);
}
