import { readRangeOutcome } from '../../domain/ledger/range-outcome.ts';
import type { RangeOutcome } from '../../domain/ledger/range-outcome.ts';
import { readResolved } from '../../domain/ledger/resolved-outcome.ts';
import type { LedgerRow } from '../../domain/ledger/ledger-row.ts';
import { deliveryByte, deliveryStates } from '../../domain/notice/delivery-state.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Digests } from '../ports/digests.ts';
import type { ReadRange } from '../ports/rollout-store.ts';
import type { Store } from '../ports/store.ts';

/** Entries of a chain read at a time. */
const pageSize = 1_000;
/** A range may be taken or settled while it is read; it is looked at again, but a busy rollout must not hold us for ever. */
const maxLooks = 5;

export interface VerifiedRange extends ReadRange {
  /** When the entry that commits to these outcomes was written. */
  readonly recordedAt: Date;
  /** When each ordinal that a later word moved got its present state. */
  readonly movedAt: ReadonlyMap<number, Date>;
}

export interface VerifiedOutcomesDeps {
  readonly store: Store;
  readonly digests: Pick<Digests, 'sha256'>;
}

/** Where the last word about a member led, as the ledger has it. */
interface Moved {
  readonly byte: number;
  readonly at: Date;
}

interface NewestEntry {
  readonly range: RangeOutcome;
  readonly at: Date;
}

/**
 * Outcome vectors of one rollout, each given out only after its digest was found in the range's newest ledger entry.
 * `Failure('ledger-broken')` where it is another, or where a range that the ledger knows is gone.
 */
export class VerifiedOutcomes {
  private readonly deps: VerifiedOutcomesDeps;
  private readonly rolloutNo: number;
  private readonly newest = new Map<string, NewestEntry>();
  private readonly moved = new Map<string, Map<number, Moved>>();
  private readonly others: LedgerRow[] = [];
  private seen = 0;

  constructor(deps: VerifiedOutcomesDeps, rolloutNo: number) {
    this.deps = deps;
    this.rolloutNo = rolloutNo;
  }

  /** The range that holds an ordinal; null where no permit was ever taken over it. */
  async rangeAt(track: Track, ordinal: number): Promise<VerifiedRange | null> {
    for (let look = 0; look < maxLooks; look += 1) {
      const permit = await this.deps.store.transact((tx) => tx.rollouts.permitAt(this.rolloutNo, track, ordinal));
      await this.catchUp();
      if (permit === null) {
        const before = this.lastStartBefore(track, ordinal);
        if (before === null || (await this.isThere(track, before))) return null;
        continue;
      }
      const verified = this.verify(permit);
      if (verified !== null) return verified;
    }
    throw this.broken(track);
  }

  /** Every range of a track, in order. */
  async ranges(track: Track): Promise<readonly VerifiedRange[]> {
    for (let look = 0; look < maxLooks; look += 1) {
      const permits = await this.deps.store.transact((tx) => tx.rollouts.permits(this.rolloutNo, track));
      await this.catchUp();
      const verified = permits.map((permit) => this.verify(permit)).filter((one) => one !== null);
      const known = [...this.newest.values()].filter(({ range }) => range.track === track).length;
      if (verified.length === permits.length && known === permits.length) return verified;
    }
    throw this.broken(track);
  }

  /** Entries of the chain that are about no range: waves and disputes. */
  async otherEntries(): Promise<readonly LedgerRow[]> {
    await this.catchUp();
    return this.others;
  }

  private verify(permit: ReadRange): VerifiedRange | null {
    const entry = this.newest.get(keyOf(permit.track, permit.fromOrdinal));
    if (entry === undefined || entry.range.attempt !== permit.attempt) return null;
    if (this.deps.digests.sha256(permit.settledOutcome) !== entry.range.outcomes) return null;
    const movedAt = new Map<number, Date>();
    const outcome = Uint8Array.from(permit.settledOutcome);
    const ofTrack = this.moved.get(permit.track);
    for (let index = 0; ofTrack !== undefined && index < permit.size; index += 1) {
      const moved = ofTrack.get(permit.fromOrdinal + index);
      if (moved === undefined) continue;
      outcome[index] = moved.byte;
      movedAt.set(permit.fromOrdinal + index, moved.at);
    }
    // What was said later stands in entries of its own: the vector with it must be what they add up to.
    if (!outcome.every((byte, index) => byte === permit.outcome[index])) return null;
    return { ...permit, recordedAt: entry.at, movedAt };
  }

  private async catchUp(): Promise<void> {
    const chain = `rollout:${this.rolloutNo}`;
    for (;;) {
      const rows = await this.deps.store.transact((tx) => tx.ledger.readRows(chain, this.seen, pageSize));
      for (const row of rows) {
        const range = readRangeOutcome(row);
        this.noteMoved(row);
        if (range === null) this.others.push(row);
        else this.newest.set(keyOf(range.track, range.from), { range, at: new Date(row.at) });
        this.seen = row.seq;
      }
      if (rows.length < pageSize) return;
    }
  }

  private noteMoved(row: LedgerRow): void {
    const resolved = readResolved(row);
    const state = deliveryStates.find((one) => one === resolved?.state);
    if (resolved === null || state === undefined) return;
    const ofTrack = this.moved.get(resolved.track) ?? new Map<number, Moved>();
    this.moved.set(resolved.track, ofTrack);
    ofTrack.set(resolved.ordinal, { byte: deliveryByte(state), at: new Date(row.at) });
  }

  private lastStartBefore(track: Track, ordinal: number): number | null {
    let last: number | null = null;
    for (const { range } of this.newest.values()) {
      if (range.track === track && range.from <= ordinal && (last === null || range.from > last)) last = range.from;
    }
    return last;
  }

  private async isThere(track: Track, from: number): Promise<boolean> {
    const permit = await this.deps.store.transact((tx) => tx.rollouts.permitAt(this.rolloutNo, track, from));
    return permit?.fromOrdinal === from;
  }

  private broken(track: Track): Failure {
    return new Failure(
      'ledger-broken',
      `The outcomes of ${track} in rollout ${this.rolloutNo} are not those that the ledger recorded. Halt, and run: allclear ledger verify`,
      { rollout: this.rolloutNo, track },
    );
  }
}

function keyOf(track: string, from: number): string {
  return `${track} ${from}`;
}
