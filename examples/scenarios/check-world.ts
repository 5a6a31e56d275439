import type { Person } from '../chirp/population/ground-truth.ts';
import { asShown, mailKindsByAddress, readCredentials, readSessions } from './observe-world.ts';
import type { World } from './world.ts';

/** What the world has to show of one person at the end. */
export interface DueState {
  /** Kinds of our letters in their order, such as `notice final`; empty for none. */
  readonly letters: string;
  /** `old`: byte for byte the one from before. `taken`: it opens nothing. */
  readonly password: 'old' | 'taken';
  /** They were signed out, and nobody has signed in since. */
  readonly isSignedOut: boolean;
}

/** Nothing at all happened to this person. */
export const untouched: DueState = { letters: '', password: 'old', isSignedOut: false };

/**
 * Holds every person of the service against what is due: Chirp's own rows and every mailbox, nothing of ours. One line
 * per person of whom anything is not as it has to be.
 */
export async function findWrong(
  world: World,
  before: ReadonlyMap<string, string | null>,
  dueOf: (person: Person) => DueState,
): Promise<readonly string[]> {
  const after = await readCredentials(world.chirp.databaseUrl);
  const sessions = await readSessions(world.chirp.databaseUrl);
  const kinds = mailKindsByAddress(world.mailbox);
  const findings: string[] = [];
  // In a large population two accounts may share a mailbox: one has its domain in Unicode, the other in ASCII.
  const dueIn = new Map<string, readonly string[]>();
  for (const person of world.chirp.truth.people) {
    const { letters } = dueOf(person);
    const mailbox = asShown(person.address);
    if (letters !== '') dueIn.set(mailbox, [...(dueIn.get(mailbox) ?? []), letters]);
  }
  for (const person of world.chirp.truth.people) {
    const { accountId } = person;
    const due = dueOf(person);
    const letters = (kinds.get(asShown(person.address)) ?? []).join(' ');
    const dueLetters = (dueIn.get(asShown(person.address)) ?? []).join(' ');
    if (letters !== dueLetters) findings.push(`${accountId}: got "${letters}" and was due "${dueLetters}"`);
    const password = after.get(accountId) === before.get(accountId) ? 'old' : 'taken';
    if (password !== due.password)
      findings.push(`${accountId}: the password is ${password} and was due to be ${due.password}`);
    if (due.isSignedOut && (sessions.get(accountId) ?? 0) > 0) findings.push(`${accountId}: has a live session`);
  }
  return findings;
}

/** Letters of a kind in all mailboxes. */
export function lettersOf(world: World, kind: string): number {
  return [...mailKindsByAddress(world.mailbox).values()].flat().filter((one) => one === kind).length;
}
