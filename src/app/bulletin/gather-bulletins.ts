import { bulletinEvents, isToldBulletins } from '../../domain/ledger/bulletin.ts';
import type { Store } from '../ports/store.ts';

const chain = 'installation';
/** Entries of one look; the next look goes on behind them. */
const entriesAtOnce = 1_000;

/**
 * Reads on in the ledger and writes down who is to be told of what: the ledger is the outbox, so whatever was done is told, once, however
 * often servers start. True where there may be more.
 */
export async function gatherBulletins({ store }: { readonly store: Store }): Promise<boolean> {
  return store.transact(async (tx) => {
    const place = await tx.bulletins.place();
    if (place === null) {
      const tip = (await tx.ledger.tips()).find((one) => one.chain === chain);
      await tx.bulletins.setPlace(tip?.lastSeq ?? 0);
      return false;
    }
    const entries = await tx.ledger.read(chain, place, entriesAtOnce);
    const last = entries.at(-1);
    if (last === undefined) return false;
    const news = entries.filter((entry) => bulletinEvents.some((event) => event === entry.event));
    if (news.length > 0) {
      const now = await tx.approvals.now();
      const told = (await tx.operators.list()).filter((one) => isToldBulletins(one, now)).map((one) => one.operatorId);
      for (const { seq, event, at } of news) await tx.bulletins.add({ seq, event, at }, told);
    }
    await tx.bulletins.setPlace(last.seq);
    return entries.length === entriesAtOnce;
  });
}
