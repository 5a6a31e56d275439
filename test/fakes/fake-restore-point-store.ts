import type { RestorePointTransactions } from '../../src/app/action/action-deps.ts';
import type {
  ContainReceipt,
  NewRestorePoint,
  PlanKey,
  RestorePoint,
  RestorePointStore,
} from '../../src/app/ports/restore-point-store.ts';
import { isOpen, restorePointId, restorePointNumber } from '../../src/domain/action/restore-point.ts';
import type { RestorePointId } from '../../src/domain/action/restore-point.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';

interface State {
  readonly keys: Map<PlanId, PlanKey>;
  readonly points: Map<RestorePointId, RestorePoint>;
  readonly sessionsOnly: Map<string, ContainReceipt>;
  readonly lookedAtAgain: Set<RestorePointId>;
}

/** Restore points in memory; a transaction whose work throws leaves nothing behind. Passes the contract of the real one. */
export class FakeRestorePoints implements RestorePointTransactions {
  #state: State = { keys: new Map(), points: new Map(), sessionsOnly: new Map(), lookedAtAgain: new Set() };
  /** Outside the transaction, as a sequence is. */
  #lastNumber = 0;
  #turn: Promise<void> = Promise.resolve();

  /** One after the other: what a real database allows beyond that is for its own tests. */
  transact<T>(work: (tx: { restorePoints: RestorePointStore }) => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => this.#transactAlone(work));
    this.#turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  async #transactAlone<T>(work: (tx: { restorePoints: RestorePointStore }) => Promise<T>): Promise<T> {
    const { keys, points, sessionsOnly, lookedAtAgain } = this.#state;
    const draft = {
      keys: new Map(keys),
      points: new Map(points),
      sessionsOnly: new Map(sessionsOnly),
      lookedAtAgain: new Set(lookedAtAgain),
    };
    const answer = await work({ restorePoints: this.#storeOn(draft) });
    this.#state = draft;
    return answer;
  }

  points(): readonly RestorePoint[] {
    return [...this.#state.points.values()];
  }

  key(plan: PlanId): PlanKey | null {
    return this.#state.keys.get(plan) ?? null;
  }

  #storeOn(state: State): RestorePointStore {
    const all = (): RestorePoint[] => [...state.points.values()];
    const change = (ids: readonly RestorePointId[], to: (point: RestorePoint) => RestorePoint): void => {
      for (const id of ids) {
        const point = state.points.get(id);
        if (point !== undefined) state.points.set(id, to(point));
      }
    };
    const among = (accounts: readonly AccountId[], points: readonly RestorePoint[]) =>
      new Map(points.filter((point) => accounts.includes(point.accountId)).map((point) => [point.accountId, point]));
    return {
      planKey: async (plan) => state.keys.get(plan) ?? null,
      addPlanKey: async (plan, key) => {
        if (!state.keys.has(plan)) state.keys.set(plan, key);
      },
      reserveIds: async (count) => Array.from({ length: count }, () => restorePointId((this.#lastNumber += 1))),
      seal: async (points) => new Set(points.filter((point) => insert(state, point)).map((point) => point.id)),
      ofPlan: async (plan, directory, accounts) =>
        among(
          accounts,
          all().filter((point) => point.plan === plan && point.directory === directory),
        ),
      openOf: async (directory, accounts) =>
        among(
          accounts,
          all().filter((point) => point.directory === directory && isOpen(point.state)),
        ),
      recoveredOf: async (directory, account) =>
        all().findLast(
          (point) =>
            point.directory === directory &&
            point.accountId === account &&
            point.state === 'retired' &&
            point.closedBy === 'recovery' &&
            point.sealed.length > 0,
        ) ?? null,
      byId: async (id) => state.points.get(id) ?? null,
      pageOfPlan: async (plan, after, limit) =>
        all()
          .filter((point) => point.plan === plan && numberOf(point) > after)
          .toSorted((a, b) => numberOf(a) - numberOf(b))
          .slice(0, limit),
      recordContained: async (ids) =>
        change(ids, (point) =>
          point.containedAt !== null
            ? point
            : { ...point, containedAt: new Date(), state: point.state === 'sealed' ? 'open' : point.state },
        ),
      recordSessionsEnded: async (ended) =>
        change([...ended.keys()], (point) =>
          point.sessionsEndedAt !== null
            ? point
            : { ...point, sessionsEndedAt: new Date(), sessionsEnded: ended.get(point.id) ?? 0 },
        ),
      dueForLateSessions: async (plan, directory, seconds) => {
        const before = Date.now() - seconds * 1_000;
        return all().filter(
          (point) =>
            point.plan === plan &&
            point.directory === directory &&
            point.state === 'open' &&
            point.sessionsEndedAt !== null &&
            point.sessionsEndedAt.getTime() <= before &&
            !state.lookedAtAgain.has(point.id),
        );
      },
      plansDueForLateSessions: async (directory, seconds) => {
        const before = Date.now() - seconds * 1_000;
        const due = all().filter(
          (point) =>
            point.directory === directory &&
            point.state === 'open' &&
            point.sessionsEndedAt !== null &&
            point.sessionsEndedAt.getTime() <= before &&
            !state.lookedAtAgain.has(point.id),
        );
        return [...new Set(due.map((point) => point.plan))];
      },
      recordLateSessionsEnded: async (ended) => {
        for (const id of ended.keys()) state.lookedAtAgain.add(id);
      },
      recordSessionsOnly: async (plan, directory, ended) => {
        for (const [id, count] of ended) {
          const key = JSON.stringify([plan, directory, id]);
          if (state.sessionsOnly.has(key)) continue;
          state.sessionsOnly.set(key, { containedAt: null, sessionsEndedAt: new Date(), sessionsEnded: count });
        }
      },
      receipts: async (plan, directory, accounts) => {
        const mine = all().filter((point) => point.plan === plan && point.containedAt !== null);
        return new Map(
          accounts.flatMap((id) => {
            const point = mine.find((each) => each.accountId === id && each.directory === directory);
            const receipt = point ?? state.sessionsOnly.get(JSON.stringify([plan, directory, id]));
            if (receipt === undefined) return [];
            const { containedAt, sessionsEndedAt, sessionsEnded } = receipt;
            return [[id, { containedAt, sessionsEndedAt, sessionsEnded }] as const];
          }),
        );
      },
      close: async (ids, as, by) =>
        change(ids, (point) =>
          isOpen(point.state) ? { ...point, state: as, closedAt: new Date(), closedBy: by } : point,
        ),
      destroyPlan: async (plan, by) => {
        const key = state.keys.get(plan);
        if (key !== undefined) state.keys.set(plan, { keyId: key.keyId, wrapped: new Uint8Array() });
        const ended = all().filter((point) => point.plan === plan && point.sealed.length > 0);
        change(
          ended.map((point) => point.id),
          (point) => ({
            ...point,
            sealed: new Uint8Array(),
            state: isOpen(point.state) ? 'destroyed' : point.state,
            closedAt: point.closedAt ?? new Date(),
            closedBy: point.closedBy ?? by,
          }),
        );
        return ended.length;
      },
    };
  }
}

function insert(state: State, point: NewRestorePoint): boolean {
  const stands = [...state.points.values()].some(
    (each) =>
      each.directory === point.directory &&
      each.accountId === point.accountId &&
      (isOpen(each.state) || each.plan === point.plan),
  );
  if (stands) return false;
  if (!state.keys.has(point.plan)) throw new Error(`no key of ${point.plan}`);
  state.points.set(point.id, {
    ...point,
    state: 'sealed',
    sealedAt: new Date(),
    containedAt: null,
    sessionsEndedAt: null,
    sessionsEnded: null,
    closedAt: null,
    closedBy: null,
  });
  return true;
}

function numberOf(point: RestorePoint): number {
  return restorePointNumber(point.id) ?? 0;
}
