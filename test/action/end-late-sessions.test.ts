import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ActionRig, oldPassword } from './action-rig.ts';

const minute = 60_000;

describe('a sign-in that was on its way when the password was taken', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: new Date('2014-03-03T20:00:00Z') }));
  afterEach(() => vi.useRealTimers());
  const later = () => vi.setSystemTime(Date.now() + minute);

  /** Contained between the moment at which a sign-in read the old hash and the moment at which it opens its session. */
  async function overtaken() {
    const rig = new ActionRig();
    const ada = rig.addHolder();
    const target = rig.freeze(ada);
    const hash = rig.directory.credentialOf(ada) ?? '';
    await rig.contain('plan_1', [target]);
    const marker = rig.directory.credentialOf(ada) ?? '';
    await rig.directory.restore([{ accountId: ada, marker, hash }]);
    const session = rig.directory.signIn(ada, oldPassword) ?? '';
    await rig.directory.quarantine([{ accountId: ada, expectedHash: hash, marker }]);
    expect(rig.directory.isAlive(session)).toBe(true);
    return { rig, ada, session };
  }

  it('keeps no session: a minute later it is ended, once', async () => {
    const { rig, session } = await overtaken();
    expect(await rig.endLateSessions('plan_1')).toBe(0);
    expect(rig.directory.isAlive(session)).toBe(true);
    later();
    expect(await rig.endLateSessions('plan_1')).toBe(1);
    expect(rig.directory.isAlive(session)).toBe(false);
    expect(await rig.endLateSessions('plan_1')).toBe(0);
  });

  it('is looked for again when the directory was away', async () => {
    const { rig, session } = await overtaken();
    later();
    rig.directory.available = false;
    await expect(rig.endLateSessions('plan_1')).rejects.toMatchObject({ code: 'directory-unavailable' });
    rig.directory.available = true;
    expect(await rig.endLateSessions('plan_1')).toBe(1);
    expect(rig.directory.isAlive(session)).toBe(false);
  });

  it('costs nobody a session who came back in with a new password, or was given back the old one', async () => {
    const rig = new ActionRig();
    const [back, restored] = [rig.addHolder(), rig.addHolder()];
    await rig.contain('plan_1', [rig.freeze(back), rig.freeze(restored)]);
    rig.directory.resetByMail(back, 'chosen since');
    await rig.restore('plan_1', [restored]);
    const sessions = [rig.directory.signIn(back, 'chosen since'), rig.directory.signIn(restored, oldPassword)];
    later();
    await rig.endLateSessions('plan_1');
    expect(sessions.map((session) => rig.directory.isAlive(session ?? ''))).toEqual([true, true]);
  });
});
