import type { Command } from 'commander';
import { subjectRoutes } from '../../contract/subject.ts';
import type { SubjectErasureAnswer } from '../../contract/subject.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { grouped, pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addSubjectErase(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly yes?: boolean }>(parent, verbs, {
    usage: 'erase <account>',
    summary:
      'erases addresses and other personal values of one account. Refused while the account is still open, and says until when. Needs --yes',
    example: 'allclear subject erase 4711 --yes --as ada',
    options: [['--yes', 'erase it: there is no way back; without it the command only shows what would be erased']],
    async run({ api, out }, args, flags) {
      const body = { query: args[0] ?? '' };
      if (flags.yes === true) {
        const done = await api.call(subjectRoutes.erase, { body });
        out.data(done, () => ['Erased. The ledger stays whole and says so.', ...erasureLines(done)]);
        return;
      }
      const would = await api.call(subjectRoutes.previewErasure, { body });
      out.data(would, () => erasureLines(would));
      const [first] = would.open;
      if (first !== undefined)
        throw new Failure(
          'conflict',
          `It cannot be erased yet: it is still open in ${first.plan}. Nothing was erased.`,
        );
      if (countOf(would) > 0)
        throw new Failure(
          'needs-confirmation',
          `Nothing was erased. To do it: allclear subject erase ${would.account} --yes`,
        );
    },
  });
}

function countOf(one: SubjectErasureAnswer): number {
  return one.addresses + one.evidenceTexts + one.appealTexts + one.ledgerValues + one.controlGroups;
}

function erasureLines(one: SubjectErasureAnswer): readonly string[] {
  return [
    ...pairs([
      ['account', one.account],
      ['addresses', grouped(one.addresses)],
      ['texts of evidence', grouped(one.evidenceTexts)],
      ['texts of appeals', grouped(one.appealTexts)],
      ['values beside the ledger', grouped(one.ledgerValues)],
      ['control groups', grouped(one.controlGroups)],
    ]),
    ...one.open.map((open) => `Still open in ${open.plan}: ${open.why}${open.until === null ? '' : `, ${open.until}`}`),
    'What stays:',
    ...one.stays.map((words) => `- ${words}`),
  ];
}
