import type { Command } from 'commander';
import { suppressionRoutes } from '../../contract/suppression.ts';
import { grouped, table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

/** The newest are those that somebody asks about. */
const shown = 100;

export function addSuppressionList(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'list',
    summary: 'addresses that ordinary notices do not go to any more, by the notice that failed',
    example: 'allclear suppression list --as ada',
    async run({ api, out }) {
      const answer = await api.call(suppressionRoutes.list, { query: { limit: shown } });
      const { total, suppressions } = answer;
      out.data(answer, () => [
        ...table(
          ['notice', 'reason', 'status', 'since'],
          suppressions.map((one) => [one.noticeNumber, one.reason, one.status ?? '', one.suppressedAt]),
        ),
        `${grouped(total)} in all. Whose a notice is: allclear explain NOTICE`,
      ]);
    },
  });
}
