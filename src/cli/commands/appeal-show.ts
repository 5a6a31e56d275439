import type { Command } from 'commander';
import { appealRoutes } from '../../contract/appeal.ts';
import { appealLines } from '../appeal-lines.ts';
import { requireAppeal } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addAppealShow(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'show <appeal>',
    summary: 'one appeal: what its holder says, and what was decided',
    example: 'allclear appeal show appeal_3 --as ada',
    async run({ api, out }, args) {
      const appeal = await api.call(appealRoutes.show, { params: { appeal: requireAppeal(args[0]) } });
      out.data(appeal, () => [
        ...appealLines(appeal),
        ...(appeal.decision === null ? ['', `The story behind it: allclear explain ${appeal.noticeNumber}`] : []),
      ]);
    },
  });
}
