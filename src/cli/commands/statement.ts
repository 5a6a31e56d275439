import type { Command } from 'commander';
import { statementRoutes } from '../../contract/statement.ts';
import { requirePlan } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addStatement(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'statement <plan>',
    summary: 'public words about a plan, from the ledger alone; what it does not say is "not yet known"',
    example: 'allclear statement plan_81 --as ada > statement.md',
    async run({ api, out }, args) {
      const written = await api.call(statementRoutes.write, { params: { plan: requirePlan(args[0]) } });
      out.data(written, () => written.text.trimEnd().split('\n'));
    },
  });
}
