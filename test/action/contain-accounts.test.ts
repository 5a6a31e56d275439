import { describe, expect, it } from 'vitest';
import { accountId } from '../../src/domain/shared/ids.ts';
import { everyKindOfFault } from '../fakes/faults.ts';
import { ActionRig, oldPassword } from './action-rig.ts';

/** More than any run makes; a run that makes more calls is itself a fault. */
const mostCalls = 40;

describe('containing', () => {
  it('takes the password away, ends the sessions, and keeps the way back with both receipts', async () => {
    const rig = new ActionRig();
    const [ada, ben] = [rig.addHolder(), rig.addHolder()];
    const session = rig.directory.signIn(ada, oldPassword) ?? '';
    const hash = rig.directory.credentialOf(ada);
    const { outcomes } = await rig.contain('plan_1', [rig.freeze(ada)]);
    expect([...(outcomes ?? [])]).toEqual([[ada, 'contained']]);
    expect(rig.directory.signIn(ada, oldPassword)).toBeNull();
    expect(rig.directory.isAlive(session)).toBe(false);
    expect(await rig.recoverable(ada)).toBe(hash);
    expect(rig.store.points()).toMatchObject([{ accountId: ada, state: 'open', sessionsEnded: 1 }]);
    expect(rig.directory.signIn(ben, oldPassword)).not.toBeNull();
  });

  it('says of no session that it ended where the directory cannot end them, and gives the password back all the same', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    rig.directory.keepsSessions(60);
    const session = rig.directory.signIn(ada, oldPassword) ?? '';
    const target = rig.freeze(ada);
    for (let round = 0; round < 2; round += 1) {
      expect((await rig.contain('plan_1', [target])).outcomes?.get(ada)).toBe('contained');
      expect(rig.store.points()).toMatchObject([{ accountId: ada, sessionsEndedAt: null, sessionsEnded: null }]);
    }
    expect(rig.directory.signIn(ada, oldPassword)).toBeNull();
    expect(rig.directory.isAlive(session)).toBe(true);
    expect(await rig.endLateSessions('plan_1')).toBe(0);
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('restored');
    expect(rig.directory.signIn(ada, oldPassword)).not.toBeNull();
  });

  it('calls nothing done where nothing but sessions could be taken and they cannot be ended', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    rig.directory.keepsSessions(60);
    const { outcomes } = await rig.contain('plan_1', [{ effect: 'end-sessions', accountId: ada }]);
    expect(outcomes?.get(ada)).toBe('failed');
  });

  it('never acts twice, however often it is repeated', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    await rig.contain('plan_1', [target]);
    const before = rig.store.points();
    expect((await rig.contain('plan_1', [target])).outcomes?.get(ada)).toBe('contained');
    expect(rig.store.points()).toEqual(before);
  });

  it('leaves alone whoever chose a new password, has none, or is gone', async () => {
    const rig = new ActionRig();
    const [changed, none, gone] = [rig.addHolder(), rig.addHolder(null), rig.addHolder()];
    const targets = [rig.freeze(changed), rig.freeze(none), rig.freeze(gone)];
    rig.directory.resetByMail(changed, 'another');
    rig.directory.removeHolder(gone);
    const { outcomes } = await rig.contain('plan_1', targets);
    expect([changed, none, gone].map((id) => outcomes?.get(id))).toEqual(['changed-since', 'passwordless', 'missing']);
    expect(rig.store.points()).toEqual([]);
    expect(rig.directory.signIn(changed, 'another')).not.toBeNull();
  });

  it('by a second plan says already-quarantined, and the first one keeps the way back', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    await rig.contain('plan_1', [target]);
    expect((await rig.contain('plan_2', [target])).outcomes?.get(ada)).toBe('already-quarantined');
    expect(rig.store.points()).toMatchObject([{ plan: 'plan_1', state: 'open' }]);
  });

  it('by a second plan protects a password that was chosen after the first one, and gives back that one only', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    await rig.contain('plan_1', [rig.freeze(ada)]);
    rig.directory.resetByMail(ada, 'chosen since');
    const chosen = rig.directory.credentialOf(ada);
    expect((await rig.contain('plan_2', [rig.freeze(ada)])).outcomes?.get(ada)).toBe('contained');
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('changed-since');
    expect((await rig.restore('plan_2', [ada])).outcomes?.get(ada)).toBe('restored');
    expect(rig.directory.credentialOf(ada)).toBe(chosen);
  });

  it('does not take over what another plan has sealed and is about to swap', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    // Calls: read, know, seal, then the swap, which never happens.
    await rig.contain('plan_1', [target], { atCall: 3, moment: 'before', then: 'dies' });
    expect(rig.store.points()).toMatchObject([{ plan: 'plan_1', state: 'sealed' }]);
    expect((await rig.contain('plan_2', [target])).outcomes?.get(ada)).toBe('failed');
    expect((await rig.contain('plan_1', [target])).outcomes?.get(ada)).toBe('contained');
  });

  it('does not happen again by a late call, once the password was given back', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    await rig.contain('plan_1', [target]);
    await rig.restore('plan_1', [ada]);
    expect((await rig.contain('plan_1', [target])).outcomes?.get(ada)).toBe('contained');
    expect(rig.directory.signIn(ada, oldPassword)).not.toBeNull();
  });

  it('ends the sessions alone where the plan says so, once, with a receipt', async () => {
    const rig = new ActionRig();
    const [ada, gone] = [rig.addHolder(null), accountId('gone')];
    const targets = [ada, gone].map((id) => ({ effect: 'end-sessions' as const, accountId: id }));
    const first = await rig.contain('plan_1', targets);
    expect([first.outcomes?.get(ada), first.outcomes?.get(gone)]).toEqual(['contained', 'missing']);
    const receipts = await rig.store.transact((tx) => tx.restorePoints.receipts('plan_1', 'people', [ada, gone]));
    expect([...receipts.keys()]).toEqual([ada]);
    expect(receipts.get(ada)?.containedAt).toBeNull();
  });

  it('does nothing for a plan of another directory, for an account named twice, or for more than a call may hold', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    expect((await rig.contain('plan_1', [target, target])).outcomes).toBeNull();
    const many = Array.from({ length: 1_001 }, (_, at) => ({ ...target, accountId: accountId(`u${at}`) }));
    expect((await rig.contain('plan_1', many)).outcomes).toBeNull();
    expect(rig.isQuarantined(ada)).toBe(false);
  });

  it('by two workers at once takes each password once, under one restore point', async () => {
    const rig = new ActionRig();
    const people = [rig.addHolder(), rig.addHolder(), rig.addHolder()];
    const targets = people.map((id) => rig.freeze(id));
    const hashes = people.map((id) => rig.directory.credentialOf(id));
    await Promise.all([rig.contain('plan_1', targets), rig.contain('plan_1', targets.toReversed())]);
    expect(rig.store.points()).toHaveLength(people.length);
    expect(await Promise.all(people.map((id) => rig.recoverable(id)))).toEqual(hashes);
    expect(people.every((id) => rig.isQuarantined(id))).toBe(true);
  });

  it.each(['before', 'after', 'late'] as const)(
    'never calls a swap without an answer undone: its effect came %s the answer was lost',
    async (moment) => {
      const rig = new ActionRig();
      const ada = rig.addHolder();
      const target = rig.freeze(ada);
      const first = await rig.contain('plan_1', [target], { atCall: 3, moment, then: 'fails' });
      // Read back at once: what is there is known, what is not there may yet come.
      expect(first.outcomes?.get(ada)).toBe(moment === 'after' ? 'contained' : 'unknown');
      await first.faults.arrive();
      expect((await rig.contain('plan_1', [target])).outcomes?.get(ada)).toBe('contained');
    },
  );

  it('that could not end the sessions is unknown, not contained, until they are ended', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    const first = await rig.contain('plan_1', [target], { atCall: 4, moment: 'before', then: 'fails' });
    expect(first.outcomes?.get(ada)).toBe('unknown');
    expect(rig.store.points()).toMatchObject([{ state: 'open', sessionsEndedAt: null }]);
    expect((await rig.contain('plan_1', [target])).outcomes?.get(ada)).toBe('contained');
    expect(rig.store.points()[0]?.sessionsEndedAt).not.toBeNull();
  });

  describe.each(everyKindOfFault)('when a call breaks $moment its effect and the worker then $then', (kind) => {
    it('loses no hash at any call, and a repeated call ends with everybody contained, once', async () => {
      let faults = 0;
      for (let atCall = 0; atCall < mostCalls; atCall += 1) {
        const rig = new ActionRig();
        const people = [rig.addHolder(), rig.addHolder(), rig.addHolder(null)];
        const [ada, ben, cem] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
        const hashes = [rig.directory.credentialOf(ada), rig.directory.credentialOf(ben)];
        const session = rig.directory.signIn(ada, oldPassword) ?? '';
        const targets = [rig.freeze(ada), rig.freeze(ben), { effect: 'end-sessions' as const, accountId: cem }];
        const first = await rig.contain('plan_1', targets, { atCall, ...kind });
        expect([await rig.recoverable(ada), await rig.recoverable(ben)]).toEqual(hashes);
        if (!first.struck) break;
        faults += 1;
        // No answer at all means that nobody lost a password to this call.
        if (first.outcomes === null) expect([rig.isQuarantined(ada), rig.isQuarantined(ben)]).toEqual([false, false]);

        const { outcomes } = await rig.contain('plan_1', targets);
        expect([...(outcomes?.values() ?? [])]).toEqual(['contained', 'contained', 'contained']);
        expect([await rig.recoverable(ada), await rig.recoverable(ben)]).toEqual(hashes);
        expect([rig.isQuarantined(ada), rig.isQuarantined(ben)]).toEqual([true, true]);
        expect(rig.directory.isAlive(session)).toBe(false);
        const points = rig.store.points();
        expect(points.map((point) => point.state)).toEqual(['open', 'open']);
        expect(points.every((point) => point.containedAt !== null && point.sessionsEndedAt !== null)).toBe(true);
      }
      // read, know, seal, swap, end sessions, receipts
      expect(faults).toBe(6);
    });
  });
});
