import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import type { Directory } from '../../src/app/ports/directory.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';

/** A service with its directory, as its account holders meet it: the world that the suite asserts on. */
export interface DirectoryRig {
  readonly directory: Directory;
  /** The same kind of directory on a host that does not answer. */
  readonly unavailable: Directory;
  signUp(holder: { address: string; password: string | null; language?: string }): Promise<AccountId>;
  /** The name of a session, or null where the service refuses. Throws where it fails instead of refusing. */
  signIn(address: string, password: string): Promise<string | null>;
  isAlive(session: string): Promise<boolean>;
  changePassword(session: string, oldPassword: string, newPassword: string): Promise<boolean>;
  /** Forgot-password, through the mailbox to the end. */
  resetByMail(address: string, newPassword: string): Promise<void>;
  removeAccount(id: AccountId): Promise<void>;
  /** An operator of the service suspends the account, without us. */
  suspendByService(id: AccountId): Promise<void>;
}

const oldPassword = 'tulips and 9 herons';
const newPassword = 'sparrow-in-the-attic 4';

/** What every directory must do before Allclear may act on it. Each test makes its own people. */
export function directoryContract(makeRig: () => Promise<DirectoryRig>): void {
  const seal = makeSeal(makeKeyRing(createHash('sha256').update('contract').digest()));
  let rig: DirectoryRig;
  let people = 0;

  beforeAll(async () => {
    rig = await makeRig();
  });

  async function person(password: string | null = oldPassword) {
    people += 1;
    const address = `kestrel${people}@example.org`;
    const id = await rig.signUp({ address, password, language: 'de' });
    const hash = (await rig.directory.readCredentials([id])).get(id) ?? '';
    const marker = seal.marker(rig.directory.name, id, `rp_${people}`);
    return { id, address, hash, marker };
  }

  type Person = Awaited<ReturnType<typeof person>>;
  const quarantine = async ({ id, hash, marker }: Person) =>
    (await rig.directory.quarantine([{ accountId: id, expectedHash: hash, marker }])).get(id);
  const restore = async ({ id, hash, marker }: Person) =>
    (await rig.directory.restore([{ accountId: id, marker, hash }])).get(id);
  const stored = async ({ id }: Person) => (await rig.directory.readCredentials([id])).get(id);

  describe('quarantine', () => {
    it('refuses the old password, the empty one, the marker and the old hash at sign-in, at once', async () => {
      const who = await person();
      expect(await rig.signIn(who.address, oldPassword)).not.toBeNull();
      expect(await quarantine(who)).toBe('swapped');
      const parts = [...who.marker.split(':'), ...who.hash.split(':')];
      for (const attempt of [oldPassword, '', who.marker, who.hash, ...parts]) {
        expect(await rig.signIn(who.address, attempt)).toBeNull();
      }
    });

    it('refuses the old password as the old password of a change, in a session that is still there', async () => {
      const who = await person();
      const session = await rig.signIn(who.address, oldPassword);
      await quarantine(who);
      for (const attempt of [oldPassword, who.marker, who.hash]) {
        expect(await rig.changePassword(session ?? '', attempt, newPassword)).toBe(false);
      }
      expect(await stored(who)).toBe(who.marker);
    });

    it('leaves the way back in by forgot-password open', async () => {
      const who = await person();
      await quarantine(who);
      await rig.resetByMail(who.address, newPassword);
      expect(await rig.signIn(who.address, newPassword)).not.toBeNull();
      expect(await rig.signIn(who.address, oldPassword)).toBeNull();
    });

    it('takes nothing away from anybody who was not named', async () => {
      const [who, neighbour] = [await person(), await person()];
      const session = await rig.signIn(neighbour.address, oldPassword);
      await quarantine(who);
      if (rig.directory.capabilities.endSessions) await rig.directory.endSessions([who.id]);
      expect(await rig.isAlive(session ?? '')).toBe(true);
      expect(await stored(neighbour)).toBe(neighbour.hash);
    });

    it('has one effect however often it is repeated', async () => {
      const who = await person();
      expect(await quarantine(who)).toBe('swapped');
      expect(await quarantine(who)).toBe('already');
      expect(await stored(who)).toBe(who.marker);
    });

    it('leaves alone a password that was changed after it was sealed', async () => {
      const who = await person();
      await rig.resetByMail(who.address, newPassword);
      expect(await quarantine(who)).toBe('changed');
      expect(await rig.signIn(who.address, newPassword)).not.toBeNull();
    });

    it('leaves an account without a password without one', async () => {
      const who = await person(null);
      expect(await stored(who)).toBeNull();
      expect(await quarantine({ ...who, hash: 'anything' })).toBe('changed');
      expect(await stored(who)).toBeNull();
    });

    it('answers for every account of a batch, each by its own state', async () => {
      const [fresh, done, changed, gone] = [await person(), await person(), await person(), await person()];
      await quarantine(done);
      await rig.resetByMail(changed.address, newPassword);
      await rig.removeAccount(gone.id);
      const batch = [fresh, done, changed, gone];
      const results = await rig.directory.quarantine(
        batch.map((who) => ({ accountId: who.id, expectedHash: who.hash, marker: who.marker })),
      );
      expect(batch.map((who) => results.get(who.id))).toEqual(['swapped', 'already', 'changed', 'missing']);
    });

    it('selects nobody when it is given nobody', async () => {
      expect((await rig.directory.quarantine([])).size).toBe(0);
      expect((await rig.directory.restore([])).size).toBe(0);
      expect((await rig.directory.endSessions([])).size).toBe(0);
      expect((await rig.directory.readCredentials([])).size).toBe(0);
    });
  });

  describe('the last sign-in', () => {
    it('is of the last one that succeeded, or nobody is told of any', async () => {
      const who = await person();
      if (!rig.directory.capabilities.lastSignIn) {
        await expect(rig.directory.readLastSignIns([who.id])).rejects.toMatchObject({ code: 'usage' });
        return;
      }
      const read = async () => (await rig.directory.readLastSignIns([who.id, accountId('0')])).get(who.id);
      const earlier = (await read()) ?? new Date(0);
      await rig.signIn(who.address, oldPassword);
      const signedIn = (await read()) ?? new Date(0);
      expect(+signedIn).toBeGreaterThan(+earlier);
      expect(Math.abs(Date.now() - +signedIn)).toBeLessThan(60_000);
      expect(await rig.signIn(who.address, newPassword)).toBeNull();
      expect(await read()).toEqual(signedIn);
    });

    it('of an account that is not there is not known, and of nobody nothing is', async () => {
      const who = await person();
      await rig.removeAccount(who.id);
      if (!rig.directory.capabilities.lastSignIn) return;
      expect([...(await rig.directory.readLastSignIns([who.id]))]).toEqual([]);
      expect((await rig.directory.readLastSignIns([])).size).toBe(0);
    });
  });

  describe('sessions', () => {
    it('are all ended, and counted where they can be seen; or nobody is told that they were', async () => {
      const who = await person();
      const sessions = [await rig.signIn(who.address, oldPassword), await rig.signIn(who.address, oldPassword)];
      await quarantine(who);
      const { endSessions, countsSessions, sessionsLiveMinutes } = rig.directory.capabilities;
      if (!endSessions) {
        expect(sessionsLiveMinutes).toBeGreaterThan(0);
        await expect(rig.directory.endSessions([who.id])).rejects.toMatchObject({ code: 'usage' });
        for (const session of sessions) expect(await rig.isAlive(session ?? '')).toBe(true);
        return;
      }
      const ended = (await rig.directory.endSessions([who.id])).get(who.id);
      for (const session of sessions) expect(await rig.isAlive(session ?? '')).toBe(false);
      const again = (await rig.directory.endSessions([who.id])).get(who.id);
      if (countsSessions) {
        expect(ended).toBeGreaterThanOrEqual(sessions.length);
        expect(again).toBe(0);
      } else expect([ended, again]).toEqual([1, 1]);
      expect(sessionsLiveMinutes).toBeNull();
    });

    it('that begin after the holder has a new password are left alone', async () => {
      const who = await person();
      await quarantine(who);
      if (rig.directory.capabilities.endSessions) await rig.directory.endSessions([who.id]);
      await rig.resetByMail(who.address, newPassword);
      const session = await rig.signIn(who.address, newPassword);
      expect(await rig.isAlive(session ?? '')).toBe(true);
    });

    it('do not come back to life when the password is given back', async () => {
      const who = await person();
      const session = await rig.signIn(who.address, oldPassword);
      await quarantine(who);
      if (!rig.directory.capabilities.endSessions) return;
      await rig.directory.endSessions([who.id]);
      await restore(who);
      expect(await rig.isAlive(session ?? '')).toBe(false);
    });

    it('of an account that is gone are not called ended', async () => {
      const nobody = accountId('no-such-account');
      if (!rig.directory.capabilities.endSessions) return;
      expect((await rig.directory.endSessions([nobody])).has(nobody)).toBe(false);
    });
  });

  describe('restore', () => {
    it('gives back the very same hash, and the old password works again', async () => {
      const who = await person();
      await quarantine(who);
      expect(await restore(who)).toBe('swapped');
      expect(await stored(who)).toBe(who.hash);
      expect(await rig.signIn(who.address, oldPassword)).not.toBeNull();
      expect(await restore(who)).toBe('already');
    });

    it('never overwrites a password that the holder chose since', async () => {
      const who = await person();
      await quarantine(who);
      await rig.resetByMail(who.address, newPassword);
      expect(await restore(who)).toBe('changed');
      expect(await rig.signIn(who.address, newPassword)).not.toBeNull();
      expect(await rig.signIn(who.address, oldPassword)).toBeNull();
    });

    it('undoes nothing but the restore point that it names', async () => {
      const who = await person();
      await quarantine(who);
      const otherMarker = seal.marker(rig.directory.name, who.id, 'rp_999999');
      expect(await restore({ ...who, marker: otherMarker })).toBe('changed');
      expect(await stored(who)).toBe(who.marker);
    });
  });

  describe('suspension', () => {
    const markOf = (who: Person, number = people) => seal.suspensionMark(rig.directory.name, who.id, `sus_${number}`);
    const suspend = async (who: Person, mark: string) =>
      (await rig.directory.suspend([{ accountId: who.id, mark }])).get(who.id);
    const reinstate = async (who: Person, mark: string) =>
      (await rig.directory.reinstate([{ accountId: who.id, mark }])).get(who.id);
    const suspendedBy = async (who: Person) => (await rig.directory.readSuspensions([who.id])).get(who.id);

    it('is refused in words where the directory cannot suspend, and nothing is done', async () => {
      if (rig.directory.capabilities.suspend) return;
      const who = await person();
      await expect(suspendedBy(who)).rejects.toMatchObject({ code: 'usage' });
      await expect(suspend(who, markOf(who))).rejects.toMatchObject({ code: 'usage' });
      await expect(reinstate(who, markOf(who))).rejects.toMatchObject({ code: 'usage' });
      expect(await rig.signIn(who.address, oldPassword)).not.toBeNull();
    });

    it('keeps the right password out, takes nothing away, and lets it in again once it is lifted', async () => {
      if (!rig.directory.capabilities.suspend) return;
      const [who, neighbour] = [await person(), await person()];
      const mark = markOf(who);
      expect(await suspendedBy(who)).toBeNull();
      expect(await suspend(who, mark)).toBe('swapped');
      expect(await suspend(who, mark)).toBe('already');
      expect(await suspendedBy(who)).toBe(mark);
      expect(await rig.signIn(who.address, oldPassword)).toBeNull();
      expect(await stored(who)).toBe(who.hash);
      expect(await rig.signIn(neighbour.address, oldPassword)).not.toBeNull();
      expect(await reinstate(who, mark)).toBe('swapped');
      expect(await reinstate(who, mark)).toBe('already');
      expect(await suspendedBy(who)).toBeNull();
      expect(await rig.signIn(who.address, oldPassword)).not.toBeNull();
    });

    it('of one plan is never lifted by the mark of another', async () => {
      if (!rig.directory.capabilities.suspend) return;
      const who = await person();
      const mark = markOf(who);
      await suspend(who, mark);
      expect(await suspend(who, markOf(who, 9_001))).toBe('changed');
      expect(await reinstate(who, markOf(who, 9_001))).toBe('changed');
      expect(await suspendedBy(who)).toBe(mark);
      expect(await rig.signIn(who.address, oldPassword)).toBeNull();
    });

    it('by the service itself is seen, is not taken over and is not lifted', async () => {
      if (!rig.directory.capabilities.suspend) return;
      const who = await person();
      await rig.suspendByService(who.id);
      const word = await suspendedBy(who);
      expect(word).not.toBeNull();
      expect(await suspend(who, markOf(who))).toBe('changed');
      expect(await reinstate(who, markOf(who))).toBe('changed');
      expect(await suspendedBy(who)).toBe(word);
    });

    it('answers for every account of a batch, and for one that is gone', async () => {
      if (!rig.directory.capabilities.suspend) return;
      const batch = [await person(), await person(), await person()] as const;
      const marks = batch.map((who, at) => ({ accountId: who.id, mark: markOf(who, 9_100 + at) }));
      await rig.directory.suspend(marks.slice(1, 2));
      await rig.removeAccount(batch[2].id);
      const results = await rig.directory.suspend(marks);
      expect(batch.map((who) => results.get(who.id))).toEqual(['swapped', 'already', 'missing']);
      const lifted = await rig.directory.reinstate(marks);
      expect(batch.map((who) => lifted.get(who.id))).toEqual(['swapped', 'swapped', 'missing']);
      expect((await rig.directory.readSuspensions([batch[2].id])).has(batch[2].id)).toBe(false);
    });
  });

  describe('two at once', () => {
    it('a choice of the holder that races a quarantine is never lost', async () => {
      for (let round = 0; round < 4; round += 1) {
        const who = await person();
        const [result] = await Promise.all([quarantine(who), rig.resetByMail(who.address, newPassword)]);
        expect(['swapped', 'changed']).toContain(result);
        expect(await rig.signIn(who.address, newPassword)).not.toBeNull();
      }
    });

    it('twin calls swap once, and both know that it is done', async () => {
      const batch = [await person(), await person(), await person()];
      const requests = batch.map((who) => ({ accountId: who.id, expectedHash: who.hash, marker: who.marker }));
      const answers = await Promise.all([
        rig.directory.quarantine(requests),
        rig.directory.quarantine(requests.toReversed()),
        rig.directory.quarantine(requests),
      ]);
      for (const who of batch) {
        const results = answers.map((answer) => answer.get(who.id)).toSorted();
        expect(results).toEqual(['already', 'already', 'swapped']);
        expect(await stored(who)).toBe(who.marker);
      }
    });
  });

  describe('reading', () => {
    it('gives an account as the service holds it', async () => {
      const who = await person();
      const account = (await rig.directory.readAccounts([who.id])).get(who.id);
      expect(account).toMatchObject({ address: who.address, hasPassword: true, language: 'de', protectedAs: null });
    });

    it('leaves out ids that nobody has, however odd', async () => {
      const odd = ['no-such-account', 'nul\0', '\ud800', "'; drop"].map((text) => accountId(text));
      expect((await rig.directory.readAccounts(odd)).size).toBe(0);
      expect((await rig.directory.readCredentials(odd)).size).toBe(0);
    });

    it('finds an address whatever the case of A-Z, and nobody by a letter that only looks alike', async () => {
      const who = await person();
      const upper = who.address.toUpperCase();
      const kelvin = who.address.replace('k', '\u212a');
      const odd = [upper, who.address, kelvin, 'nul\0@example.org', '\ud800@example.org', ''];
      const found = await rig.directory.findByAddresses(odd);
      expect([...found]).toEqual([
        [upper, who.id],
        [who.address, who.id],
      ]);
    });

    it('lists every address once, and counts every account', async () => {
      const who = await person();
      const listed: { accountId: AccountId; address: string }[] = [];
      for await (const page of rig.directory.listAddresses()) listed.push(...page);
      expect(listed.filter((each) => each.accountId === who.id)).toEqual([{ accountId: who.id, address: who.address }]);
      expect(new Set(listed.map((each) => each.accountId)).size).toBe(await rig.directory.countAccounts());
    });
  });

  describe('bounds and failures', () => {
    it('refuses a batch of more than a thousand rather than answer half of it', async () => {
      const many = Array.from({ length: 1_001 }, (_, at) => accountId(`u${at}`));
      await expect(rig.directory.readCredentials(many)).rejects.toMatchObject({ code: 'internal' });
      const requests = many.map((id) => ({ accountId: id, expectedHash: 'a', marker: 'b' }));
      await expect(rig.directory.quarantine(requests)).rejects.toMatchObject({ code: 'internal' });
    });

    it('throws when it cannot be reached: no answer is never an empty answer', async () => {
      const id = accountId('u1');
      const unavailable = { code: 'directory-unavailable' };
      const { unavailable: gone } = rig;
      await expect(gone.countAccounts()).rejects.toMatchObject(unavailable);
      await expect(gone.readAccounts([id])).rejects.toMatchObject(unavailable);
      await expect(gone.readCredentials([id])).rejects.toMatchObject(unavailable);
      await expect(gone.findByAddresses(['a@b.c'])).rejects.toMatchObject(unavailable);
      if (gone.capabilities.endSessions) await expect(gone.endSessions([id])).rejects.toMatchObject(unavailable);
      await expect(gone.quarantine([{ accountId: id, expectedHash: 'a', marker: 'b' }])).rejects.toMatchObject(
        unavailable,
      );
      await expect(gone.restore([{ accountId: id, marker: 'a', hash: 'b' }])).rejects.toMatchObject(unavailable);
      await expect(
        (async () => {
          for await (const page of gone.listAddresses()) expect(page).toBeUndefined();
        })(),
      ).rejects.toMatchObject(unavailable);
    });
  });
}
