import type { Store } from '../ports/store.ts';

/** Lets agreed roles begin whose time has come; while no server runs nobody gets more than they have. The number of them. */
export async function beginRoles({ store }: { readonly store: Store }): Promise<number> {
  return store.transact(async (tx) => {
    await tx.operators.lock();
    const due = await tx.operators.dueRoles();
    for (const { operatorId, role, next } of due) {
      await tx.operators.setRole(operatorId, next);
      await tx.ledger.append({
        chain: 'installation',
        event: 'operator.role-changed',
        body: { operator: operatorId, before: role, role: next },
      });
    }
    return due.length;
  });
}
