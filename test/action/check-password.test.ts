import { describe, expect, it } from 'vitest';
import { checkPassword } from '../../src/app/action/check-password.ts';
import { openSealedHash } from '../../src/app/action/open-sealed-hash.ts';
import type { PasswordSchemes } from '../../src/app/ports/password-scheme.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { FakeDirectory } from '../fakes/fake-directory.ts';
import { ActionRig, oldPassword } from './action-rig.ts';

/** Runs a password against a hash by signing in to a directory that holds nothing else. */
const schemes: PasswordSchemes = {
  schemeOf: () => 'fake',
  secondsPerVerification: async () => 0,
  async verify(password, storedHash) {
    const directory = new FakeDirectory();
    const id = directory.addHolder({ address: null, password: '' });
    const expectedHash = directory.credentialOf(id) ?? '';
    await directory.quarantine([{ accountId: id, expectedHash, marker: storedHash }]);
    return directory.signIn(id, password) !== null;
  },
};

function depsOf(rig: ActionRig) {
  const { store, seal, deployment } = rig;
  return { store, seal, deployment, schemes, directoryName: rig.directory.name };
}

const check = (rig: ActionRig, id: AccountId, password: string) =>
  checkPassword(depsOf(rig), { accountId: id, password });

describe('a password about to be set', () => {
  it('is refused while it is the very one that was quarantined, and no other is', async () => {
    const rig = new ActionRig();
    const [ada, ben] = [rig.addHolder(), rig.addHolder()];
    await rig.contain('plan_1', [rig.freeze(ada)]);
    expect(await check(rig, ada, oldPassword)).toEqual({ allowed: false });
    expect(await check(rig, ada, 'another')).toEqual({ allowed: true });
    expect(await check(rig, ben, oldPassword)).toEqual({ allowed: true });
    expect(await check(rig, accountId('nobody'), oldPassword)).toEqual({ allowed: true });
  });

  it('may be the old one again once it was given back', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    await rig.contain('plan_1', [rig.freeze(ada)]);
    await rig.restore('plan_1', [ada]);
    expect(await check(rig, ada, oldPassword)).toEqual({ allowed: true });
  });

  it('may not be the old one for as long as its seal opens after hosted recovery, and may where a retraction closed it', async () => {
    for (const [by, allowed] of [
      ['recovery', false],
      ['retraction_1', true],
    ] as const) {
      const rig = new ActionRig();
      const ada = rig.addHolder();
      await rig.contain('plan_1', [rig.freeze(ada)]);
      const [point] = rig.store.points();
      await rig.store.transact((tx) => tx.restorePoints.close([point!.id], 'retired', by));
      expect(await check(rig, ada, oldPassword)).toEqual({ allowed });
      expect(await check(rig, ada, 'another one')).toEqual({ allowed: true });
    }
  });

  it('is never allowed because a seal did not open or the database was away', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    await rig.contain('plan_1', [rig.freeze(ada)]);
    const elsewhere = { ...depsOf(rig), deployment: 'another' };
    await expect(checkPassword(elsewhere, { accountId: ada, password: 'x' })).rejects.toMatchObject({
      code: 'seal-broken',
    });
    const away = { ...depsOf(rig), store: { transact: () => Promise.reject(new Error('away')) } };
    await expect(checkPassword(away, { accountId: ada, password: 'x' })).rejects.toThrow('away');
  });
});

describe('the sealed hash of a quarantined account', () => {
  it('opens for that account and its own restore point only', async () => {
    const rig = new ActionRig();
    const [ada, ben] = [rig.addHolder(), rig.addHolder()];
    const hash = rig.directory.credentialOf(ada);
    await rig.contain('plan_1', [rig.freeze(ada), rig.freeze(ben)]);
    const [point] = rig.store.points().filter((each) => each.accountId === ada);
    const deps = depsOf(rig);
    expect(await openSealedHash(deps, ada, point?.id ?? '')).toBe(hash);
    expect(await openSealedHash(deps, ben, point?.id ?? '')).toBeNull();
    expect(await openSealedHash(deps, ada, 'rp_999')).toBeNull();
    expect(await openSealedHash(deps, ada, 'no id')).toBeNull();
    expect(await openSealedHash({ ...deps, directoryName: 'another' }, ada, point?.id ?? '')).toBeNull();
  });

  it('is gone once the key of its plan was destroyed', async () => {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    await rig.contain('plan_1', [rig.freeze(ada)]);
    const [point] = rig.store.points();
    await rig.store.transact((tx) => tx.restorePoints.destroyPlan('plan_1', 'retention'));
    expect(await openSealedHash(depsOf(rig), ada, point?.id ?? '')).toBeNull();
  });
});
