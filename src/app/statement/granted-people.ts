import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import { parseBody } from '../../domain/ledger/ledger-row.ts';
import { restoreStateOf } from '../../domain/action/restore-outcome.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { AccountId, AppealId, PlanId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { VerifiedOutcomes } from '../ledger/verified-outcomes.ts';
import type { Store } from '../ports/store.ts';
import type { CountedRetraction } from './counted-rollout.ts';

/** Appeals whose people are looked up at a time. */
const page = 1_000;

/** What the ledger says of one person whose appeal was granted. */
export interface GrantedPerson {
  readonly isLetIn: boolean;
  /** What came of the mail that told them of our mistake. */
  readonly told: 'accepted' | 'unknown' | null;
  /** The same of the retractions: whoever is counted there is not counted again. */
  readonly retracted: { readonly isLetIn: boolean; readonly told: 'accepted' | 'unknown' | null };
}

interface GrantedAppeal {
  isLetIn: boolean;
  told: GrantedPerson['told'];
}

/** People whose appeal about a notice of the plan was granted, each once however often they appealed. */
export async function grantedPeople(
  store: Store,
  plan: PlanId,
  outcomes: VerifiedOutcomes,
  retractions: readonly CountedRetraction[],
): Promise<readonly GrantedPerson[]> {
  const appeals = await grantedAppeals(outcomes);
  const byAccount = new Map<AccountId, GrantedAppeal>();
  const ids = [...appeals.keys()];
  for (let from = 0; from < ids.length; from += page) {
    const asked = ids.slice(from, from + page);
    const accounts = await store.transact((tx) => tx.appeals.accountsOf(asked));
    for (const [appeal, account] of accounts) {
      const one = appeals.get(appeal);
      const before = byAccount.get(account);
      if (one === undefined) continue;
      byAccount.set(account, {
        isLetIn: one.isLetIn || before?.isLetIn === true,
        told: surerOf(one.told, before?.told ?? null),
      });
    }
  }
  const people: GrantedPerson[] = [];
  for (const [account, one] of byAccount)
    people.push({ ...one, retracted: await retractedOf(store, plan, account, retractions) });
  return people;
}

async function grantedAppeals(outcomes: VerifiedOutcomes): Promise<ReadonlyMap<AppealId, GrantedAppeal>> {
  const appeals = new Map<AppealId, GrantedAppeal>();
  for (const { event, body: text } of await outcomes.otherEntries()) {
    if (event !== 'appeal.decided' && event !== 'appeal.answered' && event !== 'suspension.lifted') continue;
    const body = parseBody(text);
    const id = body?.[event === 'suspension.lifted' ? 'by' : 'appeal'];
    if (body === null || typeof id !== 'string' || !isTypedId('appeal', id)) continue;
    const known = appeals.get(id);
    if (event === 'appeal.decided') {
      if (body['decision'] === 'granted' && known === undefined) appeals.set(id, { isLetIn: false, told: null });
    } else if (known !== undefined && event === 'suspension.lifted') {
      known.isLetIn ||= body['result'] === 'reinstated';
    } else if (known !== undefined) {
      known.told = surerOf(known.told, body['told']);
    }
  }
  return appeals;
}

async function retractedOf(
  store: Store,
  plan: PlanId,
  account: AccountId,
  retractions: readonly CountedRetraction[],
): Promise<GrantedPerson['retracted']> {
  const targets = await store.transact((tx) => tx.retractions.targetsOf(plan, account));
  let isLetIn = false;
  let told: GrantedPerson['told'] = null;
  for (const { retraction, restoreOrdinal, correctOrdinal, letter } of targets) {
    const of = retractions.find((one) => one.retraction === retraction);
    if (of === undefined) continue;
    const restored = await byteAt(of, 'restore', restoreOrdinal);
    const state = restored === null ? null : restoreStateOf(restored);
    isLetIn ||= state === 'restored' || state === 'already-restored';
    const corrected = letter === 'final' ? await byteAt(of, 'correct', correctOrdinal) : null;
    if (corrected === null) continue;
    const delivery = deliveryStateOf(corrected);
    told = surerOf(told, delivery === 'complained' ? 'accepted' : delivery);
  }
  return { isLetIn, told };
}

async function byteAt({ outcomes }: CountedRetraction, track: Track, ordinal: number | null): Promise<number | null> {
  const range = ordinal === null ? null : await outcomes.rangeAt(track, ordinal);
  return range === null || ordinal === null ? null : (range.outcome[ordinal - range.fromOrdinal] ?? null);
}

function surerOf(one: unknown, other: unknown): GrantedPerson['told'] {
  if (one === 'accepted' || other === 'accepted') return 'accepted';
  return one === 'unknown' || other === 'unknown' ? 'unknown' : null;
}
