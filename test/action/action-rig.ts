import { createHash } from 'node:crypto';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import { containAccounts } from '../../src/app/action/contain-accounts.ts';
import type { AccountToContain } from '../../src/app/action/contain-accounts.ts';
import { endLateSessions } from '../../src/app/action/end-late-sessions.ts';
import { openSealedHash } from '../../src/app/action/open-sealed-hash.ts';
import { restoreAccounts } from '../../src/app/action/restore-accounts.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';
import { FakeDirectory } from '../fakes/fake-directory.ts';
import { FakeRestorePoints } from '../fakes/fake-restore-point-store.ts';
import { Faults } from '../fakes/faults.ts';
import type { Fault } from '../fakes/faults.ts';

export const oldPassword = 'tulips and 9 herons';

/** A directory, a store and a seal, and the use cases on them, each call with one planted fault or none. */
export class ActionRig {
  readonly directory = new FakeDirectory();
  readonly store = new FakeRestorePoints();
  readonly seal = makeSeal(makeKeyRing(createHash('sha256').update('a test').digest()));
  readonly deployment = 'test';
  /** Accounts that live evidence names. */
  readonly evidence = new Set<AccountId>();

  addHolder(password: string | null = oldPassword): AccountId {
    return this.directory.addHolder({ address: null, password });
  }

  /** The account as a plan that is frozen now would name it. */
  freeze(id: AccountId): AccountToContain {
    const credential = this.directory.credentialOf(id) ?? '';
    return { effect: 'quarantine', accountId: id, credentialDigest: digests.sha256(credential) };
  }

  async contain(plan: PlanId, accounts: readonly AccountToContain[], fault: Fault | null = null) {
    const faults = new Faults(fault);
    const answer = containAccounts(this.#deps(faults), { plan, directory: this.directory.name, accounts });
    return { struck: await struck(faults, answer), outcomes: await answer.catch(() => null), faults };
  }

  async restore(plan: PlanId, accounts: readonly AccountId[], fault: Fault | null = null) {
    const faults = new Faults(fault);
    const deps = {
      ...this.#deps(faults),
      liveEvidence: async (ids: readonly AccountId[]) => new Set(ids.filter((id) => this.evidence.has(id))),
    };
    const answer = restoreAccounts(deps, {
      retraction: 'retraction_1',
      plan,
      directory: this.directory.name,
      accounts,
    });
    return { struck: await struck(faults, answer), outcomes: await answer.catch(() => null) };
  }

  endLateSessions(plan: PlanId): Promise<number> {
    return endLateSessions(this.#deps(new Faults(null)), { plan, directory: this.directory.name });
  }

  /** The hash that the account would get back: the one it holds, or the one behind the marker that it holds. */
  async recoverable(id: AccountId): Promise<string | null> {
    const live = this.directory.credentialOf(id);
    if (live === null) return null;
    const restorePoint = this.seal.readMarker(this.directory.name, id, live);
    if (restorePoint === null) return live;
    const { store, seal, deployment } = this;
    return openSealedHash({ store, seal, deployment, directoryName: this.directory.name }, id, restorePoint);
  }

  isQuarantined(id: AccountId): boolean {
    const live = this.directory.credentialOf(id);
    return live !== null && this.seal.readMarker(this.directory.name, id, live) !== null;
  }

  #deps(faults: Faults) {
    return {
      store: faults.store(this.store),
      directory: faults.directory(this.directory),
      seal: this.seal,
      digests,
      deployment: this.deployment,
    };
  }
}

/** Waits for the end, good or bad, and says whether the fault came to pass. */
async function struck(faults: Faults, answer: Promise<unknown>): Promise<boolean> {
  await answer.catch(() => undefined);
  return faults.struck;
}
