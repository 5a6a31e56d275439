/**
 * Where one account belongs in a plan that resets passwords. Exclusion is per effect: *no normal notice* never means
 * *no protection*. Changes after the evidence are signs of a takeover, so they lead to a lane, not out of the plan.
 */
export type Lane =
  | 'main'
  | 'passwordless'
  | 'protected'
  | 'no-confirmed-address'
  | 'address-changed'
  | 'password-changed'
  | 'mailbox-named';

export const lanes: readonly Lane[] = [
  'main',
  'passwordless',
  'protected',
  'no-confirmed-address',
  'address-changed',
  'password-changed',
  'mailbox-named',
];

/** `quarantine`: the password is taken and sessions end. `suspend`: the account is kept out and hidden, and sessions end. */
export type Effect = 'quarantine' | 'end-sessions' | 'suspend';

export type Placement =
  | {
      readonly kind: 'target';
      readonly lane: Lane;
      readonly effect: Effect;
      readonly tell: boolean;
      readonly reason: string;
    }
  | { readonly kind: 'excluded'; readonly reason: string };

export interface PlacedAccount {
  readonly address: string | null;
  readonly addressConfirmed: boolean;
  readonly addressChangedAt: Date | null;
  readonly passwordSetAt: Date | null;
  readonly hasPassword: boolean;
  readonly protectedAs: string | null;
}

export interface PlacingEvidence {
  readonly class: 'verified' | 'observed' | 'reported' | 'weak';
  /** When it was observed, or received where nothing better is known. */
  readonly at: Date;
  /** Of verified evidence: the credential that the leaked password worked on is the one that is there now. */
  readonly isOfPresentPassword: boolean;
}

/**
 * `account` is null where the directory no longer has it. Never selects on weak evidence alone, and nobody for an act that
 * the directory cannot do (`endsSessions` false): those are left out by name, for a person to look at. `isMailboxNamed`: some live
 * evidence names the account's own mailbox, so that a mail must not be enough to get back in; telling harms nobody.
 */
export function placeAccount(
  account: PlacedAccount | null,
  evidence: readonly PlacingEvidence[],
  endsSessions = true,
  isMailboxNamed = false,
): Placement {
  const placement = place(account, evidence, isMailboxNamed);
  return placement.kind === 'target' && placement.effect === 'end-sessions' && !endsSessions
    ? { kind: 'excluded', reason: 'sessions-cannot-be-ended' }
    : placement;
}

function place(
  account: PlacedAccount | null,
  evidence: readonly PlacingEvidence[],
  isMailboxNamed: boolean,
): Placement {
  const strong = evidence.filter((item) => item.class !== 'weak');
  if (strong.length === 0) return { kind: 'excluded', reason: 'weak-evidence-only' };
  if (account === null) return { kind: 'excluded', reason: 'account-missing' };
  const why = reasonFor(strong);
  const earliest = strong.reduce((first, item) => (item.at < first ? item.at : first), strong[0]?.at ?? new Date(0));
  const verified = strong.some((item) => item.class === 'verified' && item.isOfPresentPassword);
  const onlyOfOlderPassword = strong.every((item) => item.class === 'verified' && !item.isOfPresentPassword);

  if (!account.hasPassword) return lane('passwordless', 'end-sessions', why);
  if (account.protectedAs !== null) return lane('protected', 'end-sessions', why);
  if (account.addressChangedAt !== null && account.addressChangedAt > earliest)
    return lane('address-changed', 'quarantine', why);
  const setSince = account.passwordSetAt !== null && account.passwordSetAt > earliest;
  if (!verified && (setSince || onlyOfOlderPassword)) {
    return lane('password-changed', 'end-sessions', why);
  }
  if (account.address === null || !account.addressConfirmed) return lane('no-confirmed-address', 'quarantine', why);
  const name = isMailboxNamed ? 'mailbox-named' : 'main';
  return { kind: 'target', lane: name, effect: 'quarantine', tell: true, reason: why };
}

function lane(name: Lane, effect: Effect, reason: string): Placement {
  return { kind: 'target', lane: name, effect, tell: false, reason };
}

function reasonFor(strong: readonly PlacingEvidence[]): string {
  const verified = strong.filter((item) => item.class === 'verified');
  if (verified.some((item) => item.isOfPresentPassword)) return 'a leaked password works on this account';
  if (verified.length === strong.length) return 'a leaked password worked on this account until it was changed';
  if (strong.some((item) => item.class === 'observed')) return 'observed by a rule of the service';
  return 'named in a report';
}
