import type { Command } from 'commander';
import { suppressionRoutes } from '../../contract/suppression.ts';
import { moreLines, pageOf, pageOptions } from '../pages.ts';
import type { PageFlags } from '../pages.ts';
import { grouped, table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addSuppressionList(parent: Command, verbs: Verbs): void {
  addVerb<PageFlags>(parent, verbs, {
    usage: 'list',
    summary: 'addresses that ordinary notices do not go to any more, newest first, by the notice that failed',
    example: 'allclear suppression list --as ada',
    options: pageOptions,
    async run({ api, out }, _args, flags) {
      const answer = await api.call(suppressionRoutes.list, { query: pageOf(flags) });
      const { total, suppressions, next } = answer;
      out.data(answer, () => [
        ...table(
          ['notice', 'reason', 'status', 'since'],
          suppressions.map((one) => [one.noticeNumber, one.reason, one.status ?? '', one.suppressedAt]),
        ),
        `${grouped(total)} in all. Whose a notice is: allclear explain NOTICE`,
        ...moreLines(next, 'allclear suppression list'),
      ]);
    },
  });
}
