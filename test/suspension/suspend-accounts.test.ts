import { describe, expect, it } from 'vitest';
import { reinstateAccounts } from '../../src/app/action/reinstate-accounts.ts';
import { suspendAccounts } from '../../src/app/action/suspend-accounts.ts';
import { endLateSuspended } from '../../src/app/action/end-late-suspended.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';
import { Faults, everyKindOfFault } from '../fakes/faults.ts';
import type { Fault } from '../fakes/faults.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { leakedPassword } from '../support/campaign.ts';

const campaign = withCampaign();

/** More than either takes: read, known, mark, place, sessions, receipts. */
const callsAtMost = 8;

const deps = (fault: Fault | null = null) => {
  const { store, directory, seal } = campaign();
  const faults = new Faults(fault);
  return { faults, deps: { store: faults.store(store), directory: faults.directory(directory), seal } };
};

async function suspend(plan: PlanId, accounts: readonly AccountId[], fault: Fault | null = null) {
  const { faults, deps: own } = deps(fault);
  const outcomes = await suspendAccounts(own, { plan, directory: 'people', days: 30, accounts }).catch(() => null);
  return { faults, outcomes };
}

async function reinstate(
  plan: PlanId,
  accounts: readonly AccountId[],
  fault: Fault | null = null,
  held: AccountId[] = [],
) {
  const { faults, deps: own } = deps(fault);
  const outcomes = await reinstateAccounts(
    { ...own, liveEvidence: async () => new Set(held) },
    { by: 'retraction_1', as: 'reinstated', plan, directory: 'people', accounts },
  ).catch(() => null);
  return { faults, outcomes };
}

const stateOf = async (account: AccountId) =>
  (
    await campaign().pool.query<{ state: string }>('SELECT state FROM suspension WHERE account_id = $1 ORDER BY no', [
      account,
    ])
  ).rows.map((row) => row.state);

describe('suspending accounts', () => {
  it('keeps their holders out, ends their sessions and leaves their passwords as they are', async () => {
    const c = campaign();
    const [who, neighbour] = c.holders(2) as [AccountId, AccountId];
    const credential = c.directory.credentialOf(who);
    const session = c.directory.signIn(who, leakedPassword) ?? '';
    expect((await suspend('plan_901', [who])).outcomes?.get(who)).toBe('contained');
    expect(c.directory.isAlive(session)).toBe(false);
    expect(c.directory.signIn(who, leakedPassword)).toBeNull();
    expect(c.directory.signIn(neighbour, leakedPassword)).not.toBeNull();
    expect(c.directory.credentialOf(who)).toBe(credential);
    expect(c.seal.readSuspensionMark('people', who, c.directory.suspendedAs(who) ?? '')).toMatch(/^sus_\d+$/);
    expect((await reinstate('plan_901', [who])).outcomes?.get(who)).toBe('restored');
    expect(c.directory.signIn(who, leakedPassword)).not.toBeNull();
    expect(await stateOf(who)).toEqual(['reinstated']);
  });

  it('has one effect and one way back through every accident between any two calls', async () => {
    const c = campaign();
    let struck = 0;
    for (const kind of everyKindOfFault) {
      for (let atCall = 0; atCall < callsAtMost; atCall += 1) {
        const who = c.holder();
        const plan: PlanId = `plan_${1_000 + struck}`;
        const first = await suspend(plan, [who], { ...kind, atCall });
        if (first.faults.struck) struck += 1;
        const mark = c.directory.suspendedAs(who);
        expect((await suspend(plan, [who])).outcomes?.get(who), `${kind.moment} ${kind.then} ${atCall}`).toBe(
          'contained',
        );
        if (mark !== null) expect(c.directory.suspendedAs(who)).toBe(mark);
        expect(c.directory.signIn(who, leakedPassword)).toBeNull();
        await reinstate(plan, [who], { ...kind, atCall });
        const end = (await reinstate(plan, [who])).outcomes?.get(who);
        expect(['restored', 'already-restored']).toContain(end);
        expect(c.directory.suspendedAs(who)).toBeNull();
        expect(await stateOf(who)).toEqual(['reinstated']);
        // A late call of the plan suspends nobody a second time.
        await suspend(plan, [who]);
        expect(c.directory.suspendedAs(who)).toBeNull();
      }
    }
    expect(struck).toBeGreaterThan(10);
  });

  it('knows a call whose answer was lost only as unknown, until it is read back', async () => {
    const c = campaign();
    const who = c.holder();
    const { faults, outcomes } = await suspend('plan_902', [who], { atCall: 3, moment: 'late', then: 'fails' });
    expect(outcomes?.get(who)).toBe('unknown');
    expect(c.directory.suspendedAs(who)).toBeNull();
    await faults.arrive();
    expect((await suspend('plan_902', [who])).outcomes?.get(who)).toBe('contained');
  });

  it('never takes over, and never lifts, a suspension by the service or by another plan', async () => {
    const c = campaign();
    const [banned, shared, later] = c.holders(3) as [AccountId, AccountId, AccountId];
    c.directory.suspendAs(banned, 'by hand');
    await suspend('plan_903', [shared, later]);
    const mark = c.directory.suspendedAs(shared);
    const { outcomes } = await suspend('plan_904', [banned, shared]);
    expect([banned, shared].map((id) => outcomes?.get(id))).toEqual(['already-suspended', 'already-suspended']);
    await reinstate('plan_904', [banned, shared]);
    expect(c.directory.suspendedAs(banned)).toBe('by hand');
    expect(c.directory.suspendedAs(shared)).toBe(mark);
    // The service made the suspension its own meanwhile: it is no longer ours to lift.
    c.directory.suspendAs(later, 'a person decided');
    expect((await reinstate('plan_903', [later])).outcomes?.get(later)).toBe('changed-since');
    expect(c.directory.suspendedAs(later)).toBe('a person decided');
    expect(await stateOf(later)).toEqual(['retired']);
  });

  it('leaves alone whom the service suspends between our look and our call', async () => {
    const c = campaign();
    const who = c.holder();
    const { deps: own } = deps();
    const directory = {
      ...own.directory,
      suspend: (requests: Parameters<typeof own.directory.suspend>[0]) => {
        c.directory.suspendAs(who, 'a moment before');
        return own.directory.suspend(requests);
      },
    };
    const request = { plan: 'plan_907', directory: 'people', days: 30, accounts: [who] } as const;
    expect((await suspendAccounts({ ...own, directory }, request)).get(who)).toBe('already-suspended');
    expect(c.directory.suspendedAs(who)).toBe('a moment before');
    expect(await stateOf(who)).toEqual(['retired']);
  });

  it('never suspends anybody whom a retraction has dealt with, however late its call comes', async () => {
    const c = campaign();
    const who = c.holder();
    // The worker was lost after the mark was committed and before the directory was asked.
    await suspend('plan_908', [who], { atCall: 3, moment: 'before', then: 'dies' });
    expect(await stateOf(who)).toEqual(['marked']);
    expect((await reinstate('plan_908', [who])).outcomes?.get(who)).toBe('already-restored');
    expect((await suspend('plan_908', [who])).outcomes?.get(who)).toBe('changed-since');
    expect(c.directory.suspendedAs(who)).toBeNull();
  });

  it('lets nobody back in of whom live evidence speaks', async () => {
    const c = campaign();
    const who = c.holder();
    await suspend('plan_905', [who]);
    expect((await reinstate('plan_905', [who], null, [who])).outcomes?.get(who)).toBe('held-by-evidence');
    expect(c.directory.signIn(who, leakedPassword)).toBeNull();
  });

  it('ends a session that a sign-in under way opened just after, a minute later and once', async () => {
    const c = campaign();
    const who = c.holder();
    const { deps: own } = deps();
    await endLateSuspended(own);
    await suspend('plan_906', [who]);
    const mark = c.directory.suspendedAs(who);
    c.directory.suspendAs(who, null);
    const late = c.directory.signIn(who, leakedPassword) ?? '';
    c.directory.suspendAs(who, mark);
    expect(await endLateSuspended(own)).toBe(0);
    await c.pool.query(
      `UPDATE suspension SET sessions_ended_at = sessions_ended_at - interval '61 s' WHERE plan_no = 906`,
    );
    expect(await endLateSuspended(own)).toBe(1);
    expect(c.directory.isAlive(late)).toBe(false);
    expect(await endLateSuspended(own)).toBe(0);
  });
});
