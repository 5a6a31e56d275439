import type { Command } from 'commander';
import { planRoutes } from '../../contract/plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { requirePlan } from '../require-ids.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly to?: string;
}

export function addPlanRehearse(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'rehearse <plan>',
    summary: 'sends every mail of the plan, in every language, to an operator; no holder can be reached by it',
    example: 'allclear plan rehearse plan_81 --to ada@example.org --as ada',
    options: [['--to <address>', 'the address of an active operator']],
    async run({ api, out }, args, { to }) {
      const plan = requirePlan(args[0]);
      if (to === undefined) throw new Failure('usage', 'Say which operator gets the mails: --to ADDRESS');
      const rehearsal = await api.call(planRoutes.rehearse, { params: { plan }, body: { to } });
      out.data(rehearsal, () => [
        ...table(
          ['mail', 'language', 'outcome', 'subject'],
          rehearsal.mails.map((mail) => [mail.kind, mail.language, mail.outcome, mail.subject]),
        ),
        `${rehearsal.accepted} of ${rehearsal.mails.length} were taken by the mail server.`,
      ]);
      return rehearsal.accepted === rehearsal.mails.length ? 0 : 5;
    },
  });
}
