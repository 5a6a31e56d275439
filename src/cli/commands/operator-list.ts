import type { Command } from 'commander';
import { operatorRoutes } from '../../contract/operator.ts';
import { moreLines, pageOf, pageOptions } from '../pages.ts';
import type { PageFlags } from '../pages.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addOperatorList(parent: Command, verbs: Verbs): void {
  addVerb<PageFlags>(parent, verbs, {
    usage: 'list',
    summary: 'all people who were ever added, with what they may do',
    example: 'allclear operator list --as ada',
    options: pageOptions,
    async run({ api, out }, _args, flags) {
      const { operators, next } = await api.call(operatorRoutes.list, { query: pageOf(flags) });
      out.data({ operators, next }, () => [
        ...table(
          ['operator', 'name', 'address', 'role', 'state', 'from', 'added by'],
          operators.map((one) => [
            one.operatorId,
            one.name,
            one.email,
            one.role,
            one.state,
            one.activeFrom,
            one.addedBy,
          ]),
        ),
        ...moreLines(next, 'allclear operator list'),
      ]);
    },
  });
}
