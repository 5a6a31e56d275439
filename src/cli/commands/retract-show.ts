import type { Command } from 'commander';
import { retractionRoutes } from '../../contract/retraction.ts';
import { requireSubject } from '../require-ids.ts';
import { retractionLines } from '../retraction-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addRetractShow(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'show <retraction>',
    summary: 'a retraction, or the newest of a plan: decisions, where each account stands, and the remainder',
    example: 'allclear retract show plan_81 --as ada',
    async run({ api, out }, args) {
      const shown = await api.call(retractionRoutes.show, { params: { subject: requireSubject(args[0]) } });
      out.data(shown, () => retractionLines(shown));
    },
  });
}
