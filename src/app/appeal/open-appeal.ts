import { appealLimits, cleanWords } from '../../domain/appeal/appeal.ts';
import { findToldPerson } from '../notice/find-told-person.ts';
import type { Digests } from '../ports/digests.ts';
import type { Store } from '../ports/store.ts';

/**
 * Takes an appeal from whoever knows the number of a notice and the address that it went to. Answers nothing whatever the
 * pair is, so that a page cannot tell whether there is such a notice (I18). One is open at a time for each notice.
 */
export async function openAppeal(
  deps: { readonly store: Store; readonly digests: Pick<Digests, 'sha256'> },
  typed: { readonly number: string; readonly address: string; readonly words: string },
): Promise<void> {
  await deps.store.transact(async (tx) => {
    const told = await findToldPerson(deps, tx, typed);
    if (told === null) return;
    const { number, found, member, plan } = told;
    const appeal = await tx.appeals.open(
      {
        noticeNumber: number,
        rolloutNo: found.rolloutNo,
        plan: plan.id,
        accountId: member.accountId,
        words: cleanWords(typed.words),
      },
      appealLimits.mostPerNotice,
    );
    if (appeal === null) return;
    await tx.ledger.append({
      chain: `rollout:${found.rolloutNo}`,
      event: 'appeal.opened',
      body: { appeal, track: found.track, ordinal: found.ordinal },
    });
  });
}
