import type { Command } from 'commander';
import { planRoutes } from '../../contract/plan.ts';
import { planLines } from '../plan-lines.ts';
import { requirePlan } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addPlanShow(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'show <plan>',
    summary: 'counts, a sample with reasons, exclusions and lanes, lock-out risks, budgets and approvals',
    example: 'allclear plan show plan_81 --as ada',
    async run({ api, out }, args) {
      const plan = await api.call(planRoutes.show, { params: { plan: requirePlan(args[0]) } });
      out.data(plan, () => planLines(plan));
    },
  });
}
