import type { Command } from 'commander';
import { appealRoutes } from '../../contract/appeal.ts';
import { grouped, table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

/** What an agent gets through before looking again. */
const shown = 100;

export function addAppealList(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly decided?: boolean }>(parent, verbs, {
    usage: 'list',
    summary: 'what holders say about notices, the oldest open one first',
    example: 'allclear appeal list --as ada',
    options: [['--decided', 'those that were decided, the newest first']],
    async run({ api, out }, _args, flags) {
      const state = flags.decided === true ? 'decided' : 'open';
      const answer = await api.call(appealRoutes.list, { query: { state, limit: shown } });
      out.data(answer, () => [
        ...table(
          ['appeal', 'since', 'notice', 'plan', 'account', state === 'open' ? 'words' : 'decision'],
          answer.appeals.map((one) => [
            one.id,
            one.openedAt,
            one.noticeNumber,
            one.plan,
            one.accountId,
            state === 'open' ? (one.words ?? '') : `${one.decision}, told: ${one.told ?? 'no'}`,
          ]),
        ),
        `${grouped(answer.open)} open in all. The story behind one: allclear explain NOTICE`,
      ]);
    },
  });
}
