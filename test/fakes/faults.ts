import type { Directory } from '../../src/app/ports/directory.ts';
import { Failure } from '../../src/domain/shared/failure.ts';

/**
 * One accident, at one call to the world. `before`: the call had no effect. `after`: it had, and nobody heard. `late`:
 * it will have, when the test lets it arrive. A worker that `dies` makes no call any more; one whose call `fails` goes on.
 */
export interface Fault {
  readonly atCall: number;
  readonly moment: 'before' | 'after' | 'late';
  readonly then: 'dies' | 'fails';
}

export const everyKindOfFault = (['before', 'after'] as const).flatMap((moment) =>
  (['dies', 'fails'] as const).map((then) => ({ moment, then })),
);

interface Transacts<Tx> {
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Counts the calls that a use case makes to the directory and the store, and lets one of them go wrong. */
export class Faults {
  readonly #fault: Fault | null;
  #calls = 0;
  #dead = false;
  #late: (() => Promise<unknown>) | null = null;

  constructor(fault: Fault | null) {
    this.#fault = fault;
  }

  /** Whether the accident came to pass: false once `atCall` is beyond the last call. */
  get struck(): boolean {
    return this.#fault !== null && this.#calls > this.#fault.atCall;
  }

  /** Lets a late call arrive. */
  async arrive(): Promise<void> {
    await this.#late?.();
    this.#late = null;
  }

  store<Tx>(store: Transacts<Tx>): Transacts<Tx> {
    return { transact: (work) => this.#call('database-unavailable', () => store.transact(work)) };
  }

  directory(directory: Directory): Directory {
    const gone = 'directory-unavailable';
    return {
      name: directory.name,
      environment: directory.environment,
      capabilities: directory.capabilities,
      countAccounts: () => this.#call(gone, () => directory.countAccounts()),
      listAddresses: () => directory.listAddresses(),
      readAccounts: (ids) => this.#call(gone, () => directory.readAccounts(ids)),
      findByAddresses: (addresses) => this.#call(gone, () => directory.findByAddresses(addresses)),
      readCredentials: (ids) => this.#call(gone, () => directory.readCredentials(ids)),
      readLastSignIns: (ids) => this.#call(gone, () => directory.readLastSignIns(ids)),
      quarantine: (requests) => this.#call(gone, () => directory.quarantine(requests)),
      restore: (requests) => this.#call(gone, () => directory.restore(requests)),
      readSuspensions: (ids) => this.#call(gone, () => directory.readSuspensions(ids)),
      suspend: (requests) => this.#call(gone, () => directory.suspend(requests)),
      reinstate: (requests) => this.#call(gone, () => directory.reinstate(requests)),
      endSessions: (ids) => this.#call(gone, () => directory.endSessions(ids)),
    };
  }

  async #call<T>(code: 'database-unavailable' | 'directory-unavailable', work: () => Promise<T>): Promise<T> {
    const isIt = this.#calls === this.#fault?.atCall;
    this.#calls += 1;
    const broken = new Failure(code, 'a planted fault');
    if (this.#dead) throw broken;
    if (!isIt) return work();
    this.#dead = this.#fault?.then === 'dies';
    if (this.#fault?.moment === 'after') await work();
    // A transaction without an answer is committed or not by the time that the connection is gone.
    if (this.#fault?.moment === 'late' && code === 'directory-unavailable') this.#late = work;
    throw broken;
  }
}
