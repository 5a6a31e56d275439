import { makeRandom } from '../random.ts';
import type { GroundTruth, Person } from './ground-truth.ts';

/** So few of these live in a small sample that chance would leave some out. */
const rareKinds: readonly { readonly is: (person: Person) => boolean; readonly atLeast: number }[] = [
  { is: (person) => person.staff, atLeast: 1 },
  { is: (person) => person.business, atLeast: 2 },
  { is: (person) => person.passwordIndex === null, atLeast: 2 },
  { is: (person) => !person.addressConfirmed, atLeast: 2 },
];

function stratumOf(person: Person): string {
  return [
    person.language,
    person.passwordIndex === null ? 'passwordless' : 'password',
    person.addressConfirmed ? 'confirmed' : 'unconfirmed',
    person.business ? 'business' : person.staff ? 'staff' : 'person',
    person.liveSessions > 0 ? 'signed-in' : 'away',
  ].join(' ');
}

/**
 * A small population with the mix of the large one: the rare kinds first, then every n-th of the rest in order of their
 * stratum. The same ground truth and number give the same people.
 */
export function keepPeople(truth: GroundTruth, keep: number): GroundTruth {
  if (keep >= truth.people.length) return truth;
  const random = makeRandom(truth.seed, `keep ${keep}`);
  const shuffled = random.shuffle(truth.people);
  const kept = new Set<Person>();
  for (const { is, atLeast } of rareKinds) {
    for (const person of shuffled.filter(is).slice(0, atLeast)) if (kept.size < keep) kept.add(person);
  }
  const rest = shuffled
    .filter((person) => !kept.has(person))
    .map((person) => ({ person, stratum: stratumOf(person) }))
    .sort((a, b) => (a.stratum < b.stratum ? -1 : a.stratum > b.stratum ? 1 : 0));
  const wanted = keep - kept.size;
  for (let i = 0; i < wanted; i += 1) {
    const chosen = rest[Math.floor(((i + 0.5) * rest.length) / wanted)];
    if (chosen !== undefined) kept.add(chosen.person);
  }
  return { seed: truth.seed, size: kept.size, people: truth.people.filter((person) => kept.has(person)) };
}
