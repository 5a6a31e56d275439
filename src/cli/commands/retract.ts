import type { Command } from 'commander';
import { retractionRoutes } from '../../contract/retraction.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import { requirePlan } from '../require-ids.ts';
import { retractionLines } from '../retraction-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addRetract(parent: Command, verbs: Verbs): Command {
  return addVerb(parent, verbs, {
    usage: 'retract [plan]',
    summary:
      'draws up how a halted plan is put right: restore, keep or needs a person, each with its reason. Nothing is done yet',
    example: 'allclear retract plan_81 --as ada',
    async run({ api, out }, args) {
      const plan = requirePlan(args[0]);
      const { id } = await api.call(retractionRoutes.draft, { params: { plan } });
      const shown = await api.call(retractionRoutes.show, { params: { subject: id } });
      const people = quorumFor(shown.affected).people === 2 ? 'Two others say' : 'One person says';
      out.data(shown, () => [
        ...retractionLines(shown),
        '',
        `Nothing was done. ${people} yes:`,
        `  allclear retract approve ${id} --digest ${shown.digest} --total ${shown.affected} --key FILE --yes`,
      ]);
    },
  });
}
