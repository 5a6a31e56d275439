import type { AccountId, NoticeNumber, PlanId } from '../../domain/shared/ids.ts';

/** The number of a notice: 80 bits that nobody can guess and everybody may know. The same facts give the same number. */
export type NoticeNumbers = (plan: PlanId, account: AccountId, kind: string) => NoticeNumber;
