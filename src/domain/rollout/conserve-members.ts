import { Failure } from '../shared/failure.ts';

/**
 * Members = the sum over states, always (I25). Throws where they are not: a status that does not add up is wrong about
 * people, and nobody may act on it.
 */
export function conserveMembers(what: string, members: number, counts: Readonly<Record<string, number>>): void {
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  if (sum === members) return;
  throw new Failure(
    'ledger-broken',
    `${what}: ${members} members and ${sum} outcomes do not add up. Halt, and run: allclear ledger verify`,
    { members, outcomes: sum },
  );
}
