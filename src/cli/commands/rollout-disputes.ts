import type { Command } from 'commander';
import { rolloutRoutes } from '../../contract/rollout.ts';
import { emptyLine, moreLines, pageOf, pageOptions } from '../pages.ts';
import type { PageFlags } from '../pages.ts';
import { requireSubject } from '../require-ids.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addRolloutDisputes(parent: Command, verbs: Verbs): void {
  addVerb<PageFlags>(parent, verbs, {
    usage: 'disputes <plan>',
    summary: 'who said "this is not right", newest first, with their words where they wrote some',
    example: 'allclear rollout disputes plan_81 --as ada',
    options: pageOptions,
    async run({ api, out }, args, flags) {
      const subject = requireSubject(args[0]);
      const listed = await api.call(rolloutRoutes.disputes, { params: { subject }, query: pageOf(flags) });
      out.data(listed, () => [
        ...table(
          ['pressed', 'notice', 'account', 'track', 'counted', 'words'],
          listed.disputes.map((one) => [
            one.pressedAt,
            one.noticeNumber,
            one.accountId,
            one.track,
            one.counted ? 'yes' : 'like a scanner',
            one.words ?? '',
          ]),
        ),
        ...emptyLine(listed.disputes.length, 'Nobody said that a notice of it is not right.'),
        ...moreLines(listed.next, `allclear rollout disputes ${subject}`),
      ]);
    },
  });
}
