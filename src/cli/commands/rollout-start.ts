import type { Command } from 'commander';
import { planRoutes } from '../../contract/plan.ts';
import { confirmAct, confirmOptions } from '../confirm-act.ts';
import type { ConfirmFlags } from '../confirm-act.ts';
import { planLines } from '../plan-lines.ts';
import { requirePlan } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addRolloutStart(parent: Command, verbs: Verbs): void {
  addVerb<ConfirmFlags>(parent, verbs, {
    usage: 'start <plan>',
    summary: 'starts the tracks of an approved plan; the workers take it from there, wave by wave',
    example: 'allclear rollout start plan_81 --yes --total 412 --as ada',
    options: confirmOptions,
    async run({ api, out }, args, flags) {
      const plan = requirePlan(args[0]);
      const { shown, tag } = await api.read(planRoutes.show, { params: { plan } });
      if (flags.yes !== true) out.data(shown, () => planLines(shown));
      confirmAct(flags, shown.counts.total, `allclear rollout start ${plan}`);
      const body = { total: shown.counts.total };
      const started = await api.call(planRoutes.start, { params: { plan }, body }, { ifMatch: tag });
      out.data({ plan, ...started }, () => [
        `${plan} is started.`,
        `  allclear rollout watch ${plan}`,
        `  allclear halt ${plan}     stops it at once; one person may`,
      ]);
    },
  });
}
