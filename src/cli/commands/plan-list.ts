import type { Command } from 'commander';
import { planRoutes } from '../../contract/plan.ts';
import { emptyLine, moreLines, pageOf, pageOptions } from '../pages.ts';
import type { PageFlags } from '../pages.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addPlanList(parent: Command, verbs: Verbs): void {
  addVerb<PageFlags>(parent, verbs, {
    usage: 'list',
    summary: 'plans, newest first',
    example: 'allclear plan list --as ada',
    options: pageOptions,
    async run({ api, out }, _args, flags) {
      const { plans, next } = await api.call(planRoutes.list, { query: pageOf(flags) });
      out.data({ plans, next }, () => [
        ...table(
          ['plan', 'action', 'people', 'directory', 'made', 'digest'],
          plans.map((plan) => [plan.id, plan.action, plan.total, plan.directory, plan.createdAt, plan.digest]),
        ),
        ...emptyLine(
          flags.after === undefined ? plans.length : 1,
          'No plan was drawn up yet: allclear plan draft --help',
        ),
        ...moreLines(next, 'allclear plan list'),
      ]);
    },
  });
}
