import type { Command } from 'commander';
import { planRoutes } from '../../contract/plan.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addPlanList(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'list',
    summary: 'plans, newest first',
    example: 'allclear plan list --as ada',
    async run({ api, out }) {
      const { plans } = await api.call(planRoutes.list, {});
      out.data({ plans }, () =>
        table(
          ['plan', 'people', 'directory', 'made', 'digest'],
          plans.map((plan) => [plan.id, plan.total, plan.directory, plan.createdAt, plan.digest]),
        ),
      );
    },
  });
}
