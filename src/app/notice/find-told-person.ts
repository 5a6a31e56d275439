import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { MailMember } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';

/** The mail behind a number, and the person whom it was for. */
export interface ToldPerson {
  readonly number: NoticeNumber;
  readonly found: NonNullable<Awaited<ReturnType<Tx['rollouts']['findNotice']>>>;
  readonly member: MailMember;
  readonly plan: FrozenPlan;
}

/** Longer is no address (RFC 5321 section 4.5.3.1), and is not looked for. */
const longestAddress = 320;

/** For whoever knows the number of a mail and the address that it was for; null for every other pair. */
export async function findToldPerson(
  deps: { readonly digests: Pick<Digests, 'sha256'> },
  tx: Tx,
  typed: { readonly number: string; readonly address: string },
): Promise<ToldPerson | null> {
  const number = parseNoticeNumber(typed.number);
  const address = typed.address.trim();
  if (number === null || address === '' || address.length > longestAddress) return null;
  const found = await tx.rollouts.findNotice(number);
  if (found === null) return null;
  const [member] = await tx.rollouts.mailMembers(found.rolloutNo, found.track, found.ordinal, 1);
  if (member === undefined) return null;
  const plan = await tx.plans.read(`plan_${member.planNo}`);
  if (plan === null || !(await isAddressOf(deps, tx, plan, member, address))) return null;
  return { number, found, member, plan };
}

/** As the directory compares addresses. By digests, so that the time to compare does not tell how much was right. */
async function isAddressOf(
  { digests }: { readonly digests: Pick<Digests, 'sha256'> },
  tx: Tx,
  plan: FrozenPlan,
  member: MailMember,
  typed: string,
): Promise<boolean> {
  const fold = (text: string): string => (plan.header.addressComparison === 'ascii-lower' ? foldAscii(text) : text);
  if (member.address !== null) return digests.sha256(fold(typed)) === digests.sha256(fold(member.address));
  // Addresses are erased when their time is over; a salted digest of each stays.
  const [target] = await tx.plans.targetsOf(plan.id, [member.accountId]);
  const left = (await tx.retention.addressCheck(plan.id, member.accountId)) ?? target?.addressDigest ?? null;
  const salt = await tx.plans.addressSalt(plan.id);
  return left !== null && left === digests.sha256(`${salt}:${fold(typed)}`);
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
