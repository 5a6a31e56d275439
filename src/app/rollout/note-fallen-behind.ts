import type { Store } from '../ports/store.ts';

/** Says in the database itself that it is not to be believed: from here on nobody takes a permit. True for the first word. */
export async function noteFallenBehind(store: Store, reason: string, foundOn: string): Promise<boolean> {
  return store.transact(async (tx) => {
    if (!(await tx.standing.noteBehind({ kind: 'lost', reason, foundOn }))) return false;
    await tx.ledger.append({
      chain: 'installation',
      event: 'deployment.fell-behind',
      body: { found: reason, on: foundOn },
    });
    return true;
  });
}
