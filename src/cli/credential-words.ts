/** What a plan did, as its answers name it. */
type Action = 'reset' | 'suspend';

/** The same end of a suspension: nobody's password was taken there. */
const ofSuspension: Readonly<Record<string, string>> = {
  restored: 'reinstated',
  'kept-own-password': 'suspended-by-service',
  'kept-protected': 'stays-suspended',
};

/** How it ended with the account itself, in the word of what is undone. The answers of the API have one word for both. */
export function credentialWord(action: Action, credential: string): string {
  return action === 'reset' ? credential : (ofSuspension[credential] ?? credential);
}

/** What is given back: heads a line of counts. */
export function credentialHead(action: Action): 'password' | 'account' {
  return action === 'reset' ? 'password' : 'account';
}

/** Counts of such ends under their words. */
export function credentialCounts(
  action: Action,
  counts: Readonly<Record<string, number | undefined>>,
): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(Object.entries(counts).map(([end, count]) => [credentialWord(action, end), count]));
}
