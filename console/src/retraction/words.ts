type Action = 'reset' | 'suspend';

/** Decisions of a retraction, as its reader says them. */
const decisionWords: Readonly<Record<string, string>> = {
  restore: 'old password back',
  keep: 'stays protected',
  person: 'needs a person',
  untouched: 'was not acted on',
};

export const reasonWords: Readonly<Record<string, string>> = {
  'live-evidence': 'other evidence still speaks for it',
  'no-evidence-at-all': 'no strong evidence was ever there',
  'source-doubted': 'its source is doubted, and a password is not un-leaked by that',
  'verified-and-not-disproved': 'a leaked password worked on it, and the cause does not disprove that',
  'sessions-only': 'its sessions were ended and nothing else',
  'restore-window-passed': 'contained too long ago to be given back unseen',
  'not-acted-on': 'never contained: there is nothing to give back',
  'quarantined-by-another-plan': 'contained by another plan, whose evidence holds it',
  'evidence-withdrawn': 'all evidence about it was withdrawn',
};

/** What is said otherwise where accounts were suspended. */
const suspensionDecisionWords: Readonly<Record<string, string>> = {
  restore: 'let back in',
  keep: 'stays suspended',
};

const credentialWords: Readonly<Record<string, string>> = {
  restored: 'old password works again',
  'kept-own-password': 'has chosen a newer password: that stays',
  'kept-protected': 'stays protected',
  'not-acted-on': 'was not touched',
  lost: 'gone from the directory',
  'needs-a-person': 'needs a person',
  open: 'not yet',
};

const suspensionCredentialWords: Readonly<Record<string, string>> = {
  restored: 'the account is open again',
  'kept-own-password': 'is suspended by the service: that stays',
  'kept-protected': 'stays suspended',
};

export function decisionWord(action: Action, decision: string): string {
  return (action === 'suspend' ? suspensionDecisionWords[decision] : undefined) ?? decisionWords[decision] ?? decision;
}

export function credentialWord(action: Action, credential: string): string {
  const own = action === 'suspend' ? suspensionCredentialWords[credential] : undefined;
  return own ?? credentialWords[credential] ?? credential;
}

/** Heads what became of the password, or of the suspension. */
export function credentialHead(action: Action): string {
  return action === 'suspend' ? 'Suspension' : 'Password';
}

export const letterWords: Readonly<Record<string, string>> = {
  // By the one letter or the other: how many were told of a mistake stands in the statement.
  corrected: 'told how it ended: our mistake, or that the notice stands',
  'perhaps-corrected': 'perhaps told: nobody knows whether it arrived',
  unreachable: 'cannot be reached',
  withheld: 'withheld: no true letter could be written',
  'not-owed': 'no letter owed',
  open: 'not yet',
};
