import type { Store } from '../ports/store.ts';

export interface PersonalValue {
  readonly chain: string;
  readonly seq: number;
  readonly field: string;
}

/** Erases a personal value beside the ledger and says so in it; false where there was none. The chain stays whole. */
export async function erasePersonal(store: Store, { chain, seq, field }: PersonalValue): Promise<boolean> {
  return store.transact(async (tx) => {
    const erased = await tx.ledger.erasePersonal(chain, seq, field);
    if (!erased) return false;
    await tx.ledger.append({ chain: 'installation', event: 'personal.erased', body: { chain, seq, field } });
    return true;
  });
}
