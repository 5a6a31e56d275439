import type { Command } from 'commander';
import type { PlanExportLine } from '../../domain/plan/recompute-plan.ts';
import { planRoutes } from '../../contract/plan.ts';
import { requirePlan } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addPlanExport(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'export <plan>',
    summary:
      'everything that the digest is over, one JSON line each; no address is in it. The reading is in the ledger',
    example: 'allclear plan export plan_81 --as ada | node tools/plan-digest.mjs',
    async run({ api, out }, args) {
      const plan = requirePlan(args[0]);
      for await (const line of api.stream<PlanExportLine>(planRoutes.export, { params: { plan } })) out.line(line);
    },
  });
}
