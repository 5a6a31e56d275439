import type { Person } from '../chirp/population/ground-truth.ts';
import { passwordOf } from '../chirp/population/ground-truth.ts';
import { generateCredentialList } from '../generator/generate-credential-list.ts';
import type { CredentialListTruth } from '../generator/generate-credential-list.ts';
import { approvedPlan, importList, untilPhase } from './campaign.ts';
import type { World } from './world.ts';

/** Lines of the dirty list. */
export const leakDayLines = 100_000;

export interface LeakDay {
  readonly truth: CredentialListTruth;
  readonly plan: { readonly id: `plan_${number}`; readonly digest: string; readonly total: number };
  readonly batch: `batch_${number}`;
  /** People whose leaked password works, by ground truth. */
  readonly compromised: readonly Person[];
  /** Of these, the ones that the plan contains: staff and business accounts go to a lane of their own. */
  readonly contained: readonly Person[];
  /** Of these, the ones that can be told: a confirmed address that did not change since. */
  readonly told: readonly Person[];
}

/** The main job: a real, dirty list comes in; those whose leaked password works are contained and told, and nobody else. */
export async function runLeakDay(world: World, seed = 7): Promise<LeakDay> {
  const { people } = world.chirp.truth;
  const list = generateCredentialList({
    lines: leakDayLines,
    seed,
    people,
    shares: { right: 0.2, former: 0.05, wrong: 0.05, passwordless: 0.25, trap: 0.05 },
  });
  const batch = await importList(world, { stream: list.chunks, source: 'paste-site', class: 'credentials' });
  const truth = list.truth();
  const compromised = people.filter((person) => truth.compromised.has(person.accountId));
  const contained = compromised.filter((person) => !person.business && !person.staff);
  const told = contained.filter((person) => person.addressConfirmed);

  const plan = await approvedPlan(world, [batch]);
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  await untilPhase(world, plan.id, ['contain', 'tell'], ['finished'], 180_000);
  return { truth, plan, batch, compromised, contained, told };
}

/** The password of the ground truth; never null for those whose leaked password works. */
export function leakedPasswordOf(person: Person): string {
  const password = passwordOf(person);
  if (password === null) throw new Error(`${person.accountId} has no password`);
  return password;
}
