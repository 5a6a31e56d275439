import { describe, expect, it } from 'vitest';
import type { RestorePointTransactions } from '../../src/app/action/action-deps.ts';
import type { NewRestorePoint, RestorePointStore } from '../../src/app/ports/restore-point-store.ts';
import { restorePointNumber } from '../../src/domain/action/restore-point.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';

const directory = 'people';
const ada = accountId('ada');
const ben = accountId('ben');

/** What every store of restore points must do; each test gets an empty one. */
export function restorePointContract(makeStore: () => Promise<RestorePointTransactions>): void {
  async function withStore() {
    const store = await makeStore();
    const run = <T>(work: (points: RestorePointStore) => Promise<T>) =>
      store.transact(({ restorePoints }) => work(restorePoints));
    for (const plan of ['plan_1', 'plan_2'] as const) {
      await run((points) => points.addPlanKey(plan, { keyId: 'k', wrapped: Uint8Array.of(1, 2, 3) }));
    }
    const newPoint = async (plan: PlanId, account: AccountId): Promise<NewRestorePoint> => {
      const [id] = await run((points) => points.reserveIds(1));
      if (id === undefined) throw new Error('no id was reserved');
      const sealed = Uint8Array.of(0, 255, 10, 13);
      return { id, directory, accountId: account, plan, keyId: 'k', sealed, hashDigest: 'ab'.repeat(32), marker: id };
    };
    const seal = async (plan: PlanId, account: AccountId) => {
      const point = await newPoint(plan, account);
      return (await run((points) => points.seal([point]))).has(point.id) ? point.id : null;
    };
    const required = async (plan: PlanId, account: AccountId) => {
      const id = await seal(plan, account);
      if (id === null) throw new Error('the restore point was not sealed');
      return id;
    };
    const find = (plan: PlanId, account: AccountId) =>
      run(async (points) => (await points.ofPlan(plan, directory, [account])).get(account));
    return { run, newPoint, seal, required, find };
  }

  describe('sealing', () => {
    it('keeps every byte, and says what it kept', async () => {
      const { run, newPoint } = await withStore();
      const points = [await newPoint('plan_1', ada), await newPoint('plan_1', ben)];
      expect(await run((store) => store.seal(points))).toEqual(new Set(points.map((point) => point.id)));
      const found = await run((store) => store.openOf(directory, [ada, ben, accountId('eve')]));
      expect([...found.keys()].toSorted()).toEqual([ada, ben]);
      expect(found.get(ada)).toMatchObject({ ...points[0], sealed: expect.anything(), state: 'sealed' });
      expect(Uint8Array.from(found.get(ada)?.sealed ?? [])).toEqual(Uint8Array.of(0, 255, 10, 13));
    });

    it('never gives an account two open restore points', async () => {
      const { seal } = await withStore();
      expect(await seal('plan_1', ada)).not.toBeNull();
      expect(await seal('plan_2', ada)).toBeNull();
      expect(await seal('plan_2', ben)).not.toBeNull();
    });

    it('never seals an account twice for one plan, not even after the first was closed', async () => {
      const { run, seal, required } = await withStore();
      const id = await required('plan_1', ada);
      await run((points) => points.close([id], 'retired', 'plan_1'));
      expect(await seal('plan_1', ada)).toBeNull();
      expect(await seal('plan_2', ada)).not.toBeNull();
    });

    it('lets one of two that seal at once win, and the other see it', async () => {
      const { run, newPoint, find } = await withStore();
      const rivals = [await newPoint('plan_1', ada), await newPoint('plan_1', ada)];
      const won = await Promise.all(rivals.map((point) => run((points) => points.seal([point]))));
      expect(won.reduce((sum, ids) => sum + ids.size, 0)).toBe(1);
      expect((await find('plan_1', ada))?.state).toBe('sealed');
    });

    it('leaves nothing behind when its transaction fails', async () => {
      const { run, newPoint, find } = await withStore();
      const point = await newPoint('plan_1', ada);
      const failing = run(async (points) => {
        await points.seal([point]);
        throw new Error('the worker died');
      });
      await expect(failing).rejects.toThrow('the worker died');
      expect(await find('plan_1', ada)).toBeUndefined();
    });

    it('keeps the first key that a plan was given', async () => {
      const { run } = await withStore();
      await run((points) => points.addPlanKey('plan_1', { keyId: 'other', wrapped: Uint8Array.of(9) }));
      const key = await run((points) => points.planKey('plan_1'));
      expect({ ...key, wrapped: [...(key?.wrapped ?? [])] }).toEqual({ keyId: 'k', wrapped: [1, 2, 3] });
      expect(await run((points) => points.planKey('plan_77'))).toBeNull();
    });
  });

  describe('receipts', () => {
    it('stand as they were first recorded', async () => {
      const { run, required, find } = await withStore();
      const id = await required('plan_1', ada);
      await run((points) => points.recordContained([id]));
      await run((points) => points.recordSessionsEnded(new Map([[id, 3]])));
      const first = await find('plan_1', ada);
      await run((points) => points.recordContained([id]));
      await run((points) => points.recordSessionsEnded(new Map([[id, 8]])));
      expect(first).toMatchObject({ state: 'open', sessionsEnded: 3 });
      expect(await find('plan_1', ada)).toEqual(first);
      const receipts = await run((points) => points.receipts('plan_1', directory, [ada, ben]));
      expect([...receipts.keys()]).toEqual([ada]);
      expect(receipts.get(ada)).toEqual({
        containedAt: first?.containedAt,
        sessionsEndedAt: first?.sessionsEndedAt,
        sessionsEnded: 3,
      });
    });

    it('of sessions come due for a second look once, after their time, while the restore point is open', async () => {
      const { run, required } = await withStore();
      const [first, closed] = [await required('plan_1', ada), await required('plan_1', ben)];
      const due = (seconds: number) => run((points) => points.dueForLateSessions('plan_1', directory, seconds));
      await run((points) => points.recordContained([first, closed]));
      expect(await due(0)).toEqual([]);
      await run((points) =>
        points.recordSessionsEnded(
          new Map([
            [first, 1],
            [closed, 1],
          ]),
        ),
      );
      await run((points) => points.close([closed], 'restored', 'retraction_1'));
      expect(await due(3_600)).toEqual([]);
      expect((await due(0)).map((point) => point.id)).toEqual([first]);
      await run((points) => points.recordLateSessionsEnded(new Map([[first, 2]])));
      expect(await due(0)).toEqual([]);
    });

    it('are not made of a seal alone', async () => {
      const { run, required } = await withStore();
      await required('plan_1', ada);
      expect((await run((points) => points.receipts('plan_1', directory, [ada]))).size).toBe(0);
    });

    it('of ended sessions stand without a restore point', async () => {
      const { run } = await withStore();
      await run((points) => points.recordSessionsOnly('plan_1', directory, new Map([[ada, 2]])));
      await run((points) => points.recordSessionsOnly('plan_1', directory, new Map([[ada, 0]])));
      const receipts = await run((points) => points.receipts('plan_1', directory, [ada]));
      expect(receipts.get(ada)).toMatchObject({ containedAt: null, sessionsEnded: 2 });
      expect((await run((points) => points.receipts('plan_2', directory, [ada]))).size).toBe(0);
    });

    it('are still taken when the restore point was closed meanwhile', async () => {
      const { run, required, find } = await withStore();
      const id = await required('plan_1', ada);
      await run((points) => points.close([id], 'retired', 'retraction_1'));
      await run((points) => points.recordContained([id]));
      const found = await find('plan_1', ada);
      expect(found?.state).toBe('retired');
      expect(found?.containedAt).not.toBeNull();
    });
  });

  describe('closing', () => {
    it('happens once, and the first stands', async () => {
      const { run, required, find } = await withStore();
      const id = await required('plan_1', ada);
      await run((points) => points.close([id], 'restored', 'retraction_1'));
      await run((points) => points.close([id], 'retired', 'retraction_2'));
      expect(await find('plan_1', ada)).toMatchObject({ state: 'restored', closedBy: 'retraction_1' });
      expect((await run((points) => points.openOf(directory, [ada]))).size).toBe(0);
    });

    it('by a newer password leaves what was sealed to be compared with, until it is destroyed', async () => {
      const { run, required } = await withStore();
      const retired = () => run((points) => points.recoveredOf(directory, ada));
      const id = await required('plan_1', ada);
      expect(await retired()).toBeNull();
      await run((points) => points.close([id], 'retired', 'recovery'));
      expect((await retired())?.id).toBe(id);
      expect(await run((points) => points.recoveredOf(directory, ben))).toBeNull();
      await run((points) => points.destroyPlan('plan_1', 'retention'));
      expect(await retired()).toBeNull();
    });

    it('of a plan destroys its key and everything under it, and nothing of another plan', async () => {
      const { run, required, find } = await withStore();
      await required('plan_1', ada);
      await required('plan_2', ben);
      expect(await run((points) => points.destroyPlan('plan_1', 'retention'))).toBe(1);
      expect(await run((points) => points.destroyPlan('plan_1', 'retention'))).toBe(0);
      const destroyed = await find('plan_1', ada);
      expect(destroyed).toMatchObject({ state: 'destroyed', closedBy: 'retention' });
      expect(destroyed?.sealed).toHaveLength(0);
      expect((await run((points) => points.planKey('plan_1')))?.wrapped).toHaveLength(0);
      expect((await find('plan_2', ben))?.sealed).toHaveLength(4);
    });

    it('of a plan keeps known who was given their password back before it was destroyed', async () => {
      const { run, required, find } = await withStore();
      const id = await required('plan_1', ada);
      await run((points) => points.close([id], 'restored', 'retraction_1'));
      expect(await run((points) => points.destroyPlan('plan_1', 'retention'))).toBe(1);
      const destroyed = await find('plan_1', ada);
      expect(destroyed).toMatchObject({ state: 'restored', closedBy: 'retraction_1' });
      expect(destroyed?.sealed).toHaveLength(0);
    });
  });

  it('reads a plan page by page, each restore point once', async () => {
    const { run, required } = await withStore();
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push(await required('plan_1', accountId(name)));
    await required('plan_2', accountId('d'));
    const first = await run((points) => points.pageOfPlan('plan_1', 0, 2));
    const after = restorePointNumber(first.at(-1)?.id ?? '') ?? 0;
    const second = await run((points) => points.pageOfPlan('plan_1', after, 2));
    expect([...first, ...second].map((point) => point.id)).toEqual(ids);
  });
}
