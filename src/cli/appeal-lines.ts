import type { AppealAnswer } from '../contract/appeal.ts';
import { pairs } from './table.ts';

export function appealLines(appeal: AppealAnswer): readonly string[] {
  return pairs([
    ['appeal', appeal.id],
    ['notice', appeal.noticeNumber],
    ['plan', `${appeal.plan}, which ${appeal.about === 'suspend' ? 'suspends accounts' : 'resets passwords'}`],
    ['account', appeal.accountId],
    ['since', appeal.openedAt],
    ['words', appeal.words ?? '(none)'],
    ['decision', appeal.decision ?? 'open'],
    ['reason', appeal.reason],
    ['by', appeal.decidedBy],
    ['at', appeal.decidedAt],
    ['told', appeal.told],
    ['account now', appeal.lifted],
  ]);
}
