import { describe } from 'vitest';
import { FakeDirectory } from '../fakes/fake-directory.ts';
import { directoryContract } from './directory-contract.ts';

describe('the fake directory', () => {
  directoryContract(async () => {
    const directory = new FakeDirectory();
    const unavailable = new FakeDirectory();
    unavailable.available = false;
    const idOf = async (address: string) => {
      const id = (await directory.findByAddresses([address])).get(address);
      if (id === undefined) throw new Error('nobody has this address');
      return id;
    };
    return {
      directory,
      unavailable,
      signUp: async (holder) => directory.addHolder(holder),
      signIn: async (address, password) => directory.signIn(await idOf(address), password),
      isAlive: async (session) => directory.isAlive(session),
      changePassword: async (session, from, to) => directory.changePassword(session, from, to),
      resetByMail: async (address, password) => directory.resetByMail(await idOf(address), password),
      suspendByService: async (id) => directory.suspendAs(id, 'by hand'),
      removeAccount: async (id) => directory.removeHolder(id),
    };
  });
});
