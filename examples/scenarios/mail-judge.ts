import { deliveryStateOf } from '../../src/domain/notice/delivery-state.ts';
import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { asShown } from './observe-world.ts';
import type { World } from './world.ts';

/** Members of one plan that a rig looks at; its plans are smaller. */
const membersAtMost = 5_000;

/** What the outside got, beside what we say of it. */
export interface SeenMail {
  /** Envelope recipient of each mail that arrived, as mail readers show it; twice for two mails. */
  readonly arrived: readonly string[];
  /** Everyone who was to be told, by the same address. */
  readonly members: ReadonlyMap<string, { readonly accountId: string; readonly state: DeliveryState }>;
}

const mayHaveArrived: readonly DeliveryState[] = ['accepted', 'unknown', 'bounced', 'complained'];
/** Sure to lie in a mailbox. */
const hasArrived: readonly DeliveryState[] = ['accepted', 'bounced', 'complained'];
/** The rollout says that it is over, and yet nothing has become of this one. */
const isOpen: readonly DeliveryState[] = ['created', 'claimed', 'sending', 'deferred', 'released'];

/** Holds a finished rollout against what arrived outside: one line per person of whom anything is not as it has to be. */
export function judgeMail({ arrived, members }: SeenMail): readonly string[] {
  const mails = new Map<string, number>();
  for (const address of arrived) mails.set(address, (mails.get(address) ?? 0) + 1);
  const findings: string[] = [];
  for (const [address, count] of mails) {
    const member = members.get(address);
    if (member === undefined) {
      findings.push('a mail went to somebody outside the plan');
      continue;
    }
    if (count > 1) findings.push(`${member.accountId}: mailed ${count} times`);
    if (!mayHaveArrived.includes(member.state))
      findings.push(`${member.accountId}: has the mail, and is ${member.state} with us`);
  }
  for (const [address, { accountId, state }] of members) {
    if (hasArrived.includes(state) && !mails.has(address)) findings.push(`${accountId}: ${state}, and has no mail`);
    if (isOpen.includes(state)) findings.push(`${accountId}: still ${state} at the end`);
  }
  return findings;
}

/**
 * Shows the judge a sound world with one thing falsified at a time, and throws where it has nothing to say: a rig whose
 * judge is blind has proved nothing. A world that is not sound was seen already.
 */
export function proveJudge(seen: SeenMail): void {
  if (judgeMail(seen).length > 0) return;
  const told = seen.arrived[0];
  const member = told === undefined ? undefined : seen.members.get(told);
  if (told === undefined || member === undefined) throw new Error('nobody was mailed: the rig has nothing to judge');
  const withState = (state: DeliveryState): SeenMail => ({
    arrived: seen.arrived,
    members: new Map([...seen.members, [told, { ...member, state }]]),
  });
  const falsified: Readonly<Record<string, SeenMail>> = {
    'one person mailed twice': { ...seen, arrived: [...seen.arrived, told] },
    'a mail to a stranger': { ...seen, arrived: [...seen.arrived, 'nobody@outside.example'] },
    'delivered but unmarked': withState('released'),
    'delivered and withheld': withState('withheld'),
    'accepted and lost': { arrived: seen.arrived.filter((to) => to !== told), members: withState('accepted').members },
    'forgotten at the end': {
      arrived: seen.arrived,
      members: new Map([...seen.members, ['forgotten', { accountId: 'forgotten', state: 'deferred' }]]),
    },
  };
  for (const [name, world] of Object.entries(falsified)) {
    if (judgeMail(world).length === 0) throw new Error(`the judge of this rig does not see: ${name}`);
  }
}

/** All that lies in the mailbox, and what we say of the members of the one plan of this world. */
export async function seeMail(world: World, plan: PlanId): Promise<SeenMail> {
  const members = await membersOf(world, plan);
  return { arrived: world.mailbox.all().flatMap((mail) => mail.to), members };
}

/** Everyone who was to be told by a plan, by their address as mail readers show it. */
export async function membersOf(world: World, plan: PlanId): Promise<SeenMail['members']> {
  return world.installation.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find('plan', numberOf(plan));
    if (rollout === null) throw new Error(`${plan} was never started`);
    const members = new Map<string, { accountId: string; state: DeliveryState }>();
    for (const target of await tx.plans.targets(plan, 0, membersAtMost)) {
      if (target.tellOrdinal === null || target.address === null) continue;
      const permit = await tx.rollouts.permitAt(rollout.no, 'tell', target.tellOrdinal);
      const byte = permit?.outcome[target.tellOrdinal - permit.fromOrdinal] ?? 0;
      members.set(asShown(target.address), { accountId: target.accountId, state: deliveryStateOf(byte) });
    }
    return members;
  });
}

/** How many of the members are in a state. */
export function countOf({ members }: SeenMail, state: DeliveryState): number {
  return [...members.values()].filter((one) => one.state === state).length;
}
