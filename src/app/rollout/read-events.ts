import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { LedgerBody, LedgerEntry } from '../ports/ledger-store.ts';
import type { RolloutRow } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { kindOf } from './halt-rollout.ts';

/** How far the two chains that tell of a rollout were read: each number is the last one read of its chain. */
export interface EventPlace {
  readonly rollout: number;
  readonly installation: number;
}

/** One ledger entry about a rollout, without its personal values. */
export interface RolloutEvent {
  readonly chain: keyof EventPlace;
  readonly seq: number;
  readonly at: Date;
  readonly event: string;
  readonly body: LedgerBody;
}

export interface RolloutEvents {
  /** In the order of each chain, and between the two by time. */
  readonly events: readonly RolloutEvent[];
  /** Everything up to here is in `events`, or is about something else. */
  readonly place: EventPlace;
  /** False: there is more to read already. */
  readonly isWhole: boolean;
}

/** Where the chains of a rollout end now. `Failure('not-found')` where it was never started. */
export async function readEventPlace({ store }: { readonly store: Store }, subject: PlanId | RetractionId) {
  return store.transact(async (tx): Promise<EventPlace> => {
    const rollout = await findRollout(tx, subject);
    const heads = new Map((await tx.ledger.heads()).map((head) => [head.chain, head.seq]));
    return { rollout: heads.get(chainOf(rollout)) ?? 0, installation: heads.get('installation') ?? 0 };
  });
}

/**
 * Ledger entries about a rollout after a place, at most `limit` of each of its two chains. Numbers of a chain have no gap
 * and commit in order, so that reading on from a place neither misses nor repeats one. `Failure('not-found')`.
 */
export async function readRolloutEvents(
  { store }: { readonly store: Store },
  subject: PlanId | RetractionId,
  after: EventPlace,
  limit: number,
): Promise<RolloutEvents> {
  return store.transact(async (tx) => {
    const rollout = await findRollout(tx, subject);
    const own = await tx.ledger.read(chainOf(rollout), after.rollout, limit);
    const { entries: all, upTo } = await tx.ledger.naming(subject, after.installation, limit);
    const [ownRead, allRead] = cutToSameTime(own, all, limit);
    const isCut = ownRead.length < own.length || allRead.length < all.length;
    return {
      events: merge(
        ownRead.map((entry) => eventOf('rollout', entry)),
        allRead.filter((entry) => isAbout(entry, subject)).map((entry) => eventOf('installation', entry)),
      ),
      place: {
        rollout: ownRead.at(-1)?.seq ?? after.rollout,
        installation: allRead.length === all.length ? upTo : (allRead.at(-1)?.seq ?? after.installation),
      },
      isWhole: own.length < limit && all.length < limit && !isCut,
    };
  });
}

async function findRollout(tx: Tx, subject: PlanId | RetractionId): Promise<RolloutRow> {
  const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
  if (rollout !== null) return rollout;
  throw new Failure('not-found', `${subject} has no rollout: it was never started.`, { subject });
}

function chainOf(rollout: RolloutRow): string {
  return `rollout:${rollout.no}`;
}

/**
 * Of a chain that has more than a page, the other one is not told ahead of it. A prefix is cut, never a selection: where a
 * clock was set back, the order is odd and nothing is lost.
 */
function cutToSameTime(
  own: readonly LedgerEntry[],
  all: readonly LedgerEntry[],
  limit: number,
): readonly [readonly LedgerEntry[], readonly LedgerEntry[]] {
  const ownEnd = own.length === limit ? own.at(-1)?.at : undefined;
  const allEnd = all.length === limit ? all.at(-1)?.at : undefined;
  if (ownEnd === undefined && allEnd === undefined) return [own, all];
  if (allEnd === undefined || (ownEnd !== undefined && ownEnd <= allEnd))
    return [own, until(all, ownEnd ?? new Date(0))];
  return [until(own, allEnd), all];
}

function until(entries: readonly LedgerEntry[], end: Date): readonly LedgerEntry[] {
  const later = entries.findIndex((entry) => entry.at > end);
  return later === -1 ? entries : entries.slice(0, later);
}

/** Entries of the installation's chain name what they are about in one of these fields. */
function isAbout({ body }: LedgerEntry, subject: string): boolean {
  return body['subject'] === subject || body['plan'] === subject || body['retraction'] === subject;
}

function eventOf(chain: keyof EventPlace, { seq, at, event, body }: LedgerEntry): RolloutEvent {
  return { chain, seq, at, event, body };
}

function merge(one: readonly RolloutEvent[], other: readonly RolloutEvent[]): readonly RolloutEvent[] {
  const merged: RolloutEvent[] = [];
  let next = 0;
  for (const event of one) {
    for (let ahead = other[next]; ahead !== undefined && ahead.at < event.at; ahead = other[next]) {
      merged.push(ahead);
      next += 1;
    }
    merged.push(event);
  }
  return [...merged, ...other.slice(next)];
}
