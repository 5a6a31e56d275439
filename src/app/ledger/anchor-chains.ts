import type { Store } from '../ports/store.ts';

/** Anchors per transaction: each holds the installation chain's head, which a HALT's entry needs, a few milliseconds. */
const anchorsPerTransaction = 10;
/** Far more than rollouts that can move at once; what is left over is anchored by the next call. */
const maxTransactions = 1_000;

/** Records the head of every rollout chain that moved in the installation chain; returns how many. */
export async function anchorChains(store: Store): Promise<number> {
  let anchored = 0;
  for (let round = 0; round < maxTransactions; round += 1) {
    const count = await store.transact(async (tx) => {
      const heads = await tx.ledger.unanchored(anchorsPerTransaction);
      for (const head of heads) await tx.ledger.noteAnchored(head);
      for (const { chain, seq, hash } of heads) {
        await tx.ledger.append({ chain: 'installation', event: 'ledger.anchored', body: { chain, seq, hash } });
      }
      return heads.length;
    });
    anchored += count;
    if (count < anchorsPerTransaction) break;
  }
  return anchored;
}
