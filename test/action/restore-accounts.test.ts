import { describe, expect, it } from 'vitest';
import { everyKindOfFault } from '../fakes/faults.ts';
import { ActionRig, oldPassword } from './action-rig.ts';

const mostCalls = 40;

async function containedRig() {
  const rig = new ActionRig();
  const ada = rig.addHolder();
  const hash = rig.directory.credentialOf(ada);
  const target = rig.freeze(ada);
  await rig.contain('plan_1', [target]);
  return { rig, ada, hash, target };
}

describe('restoring', () => {
  it('gives back the same hash byte for byte, and closes the restore point', async () => {
    const { rig, ada, hash } = await containedRig();
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('restored');
    expect(rig.directory.credentialOf(ada)).toBe(hash);
    expect(rig.directory.signIn(ada, oldPassword)).not.toBeNull();
    expect(rig.store.points()).toMatchObject([{ state: 'restored', closedBy: 'retraction_1' }]);
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('already-restored');
  });

  it('never overwrites a password that the holder chose since', async () => {
    const { rig, ada } = await containedRig();
    rig.directory.resetByMail(ada, 'chosen since');
    const chosen = rig.directory.credentialOf(ada);
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('changed-since');
    expect(rig.directory.credentialOf(ada)).toBe(chosen);
    expect(rig.store.points()).toMatchObject([{ state: 'retired' }]);
  });

  it('never gives back a password that live evidence names, and keeps the way back for later', async () => {
    const { rig, ada, hash } = await containedRig();
    rig.evidence.add(ada);
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('held-by-evidence');
    expect(rig.isQuarantined(ada)).toBe(true);
    expect(rig.store.points()).toMatchObject([{ state: 'open' }]);
    rig.evidence.delete(ada);
    await rig.restore('plan_1', [ada]);
    expect(rig.directory.credentialOf(ada)).toBe(hash);
  });

  it('brings no session back to life, and ends those that a crash left over before it gives back', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const session = rig.directory.signIn(ada, oldPassword) ?? '';
    const target = rig.freeze(ada);
    // Dies after the swap, before sessions are ended.
    await rig.contain('plan_1', [target], { atCall: 4, moment: 'before', then: 'dies' });
    expect([rig.isQuarantined(ada), rig.directory.isAlive(session)]).toEqual([true, true]);
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('restored');
    expect(rig.directory.isAlive(session)).toBe(false);
  });

  it('closes what was sealed and never taken, so that no late call takes it', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    await rig.contain('plan_1', [target], { atCall: 3, moment: 'before', then: 'dies' });
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('already-restored');
    expect((await rig.contain('plan_1', [target])).outcomes?.get(ada)).toBe('changed-since');
    expect(rig.directory.signIn(ada, oldPassword)).not.toBeNull();
  });

  it('does not undo what another plan did', async () => {
    const { rig, ada, target } = await containedRig();
    await rig.contain('plan_2', [target]);
    expect((await rig.restore('plan_2', [ada])).outcomes?.get(ada)).toBe('failed');
    expect(rig.isQuarantined(ada)).toBe(true);
  });

  it('says missing for an account that is gone', async () => {
    const { rig, ada } = await containedRig();
    rig.directory.removeHolder(ada);
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('missing');
  });

  it('gives nothing back once the key of the plan was destroyed', async () => {
    const { rig, ada } = await containedRig();
    await rig.store.transact((tx) => tx.restorePoints.destroyPlan('plan_1', 'retention'));
    expect((await rig.restore('plan_1', [ada])).outcomes?.get(ada)).toBe('failed');
    expect(await rig.recoverable(ada)).toBeNull();
    expect(rig.isQuarantined(ada)).toBe(true);
  });

  it.each(['before', 'after'] as const)(
    'never calls restored what was only asked for: its effect came %s the answer was lost',
    async (moment) => {
      const { rig, ada, hash } = await containedRig();
      const first = await rig.restore('plan_1', [ada], { atCall: 2, moment, then: 'fails' });
      expect(first.outcomes?.get(ada)).toBe(moment === 'after' ? 'restored' : 'unknown');
      expect(rig.isQuarantined(ada)).toBe(moment === 'before');
      expect(rig.store.points()[0]?.state).toBe(moment === 'after' ? 'restored' : 'open');
      await rig.restore('plan_1', [ada]);
      expect(rig.directory.credentialOf(ada)).toBe(hash);
    },
  );

  describe.each(everyKindOfFault)('when a call breaks $moment its effect and the worker then $then', (kind) => {
    it('loses no hash at any call, and a repeated call ends with everybody given back', async () => {
      let faults = 0;
      for (let atCall = 0; atCall < mostCalls; atCall += 1) {
        const rig = new ActionRig();
        const [ada, ben] = [rig.addHolder(), rig.addHolder()];
        const hashes = [rig.directory.credentialOf(ada), rig.directory.credentialOf(ben)];
        await rig.contain('plan_1', [rig.freeze(ada)]);
        await rig.contain('plan_1', [rig.freeze(ben)], { atCall: 4, moment: 'before', then: 'dies' });
        const first = await rig.restore('plan_1', [ada, ben], { atCall, ...kind });
        expect([await rig.recoverable(ada), await rig.recoverable(ben)]).toEqual(hashes);
        if (!first.struck) break;
        faults += 1;
        // No answer at all means that nobody got a password back by this call.
        if (first.outcomes === null) expect([rig.isQuarantined(ada), rig.isQuarantined(ben)]).toEqual([true, true]);

        const { outcomes } = await rig.restore('plan_1', [ada, ben]);
        for (const outcome of outcomes?.values() ?? []) expect(['restored', 'already-restored']).toContain(outcome);
        expect(outcomes?.size).toBe(2);
        expect([rig.directory.credentialOf(ada), rig.directory.credentialOf(ben)]).toEqual(hashes);
        expect(rig.store.points().map((point) => point.state)).toEqual(['restored', 'restored']);
      }
      // read, know, late receipt, end sessions, their receipt, give back, close
      expect(faults).toBe(7);
    });
  });
});
