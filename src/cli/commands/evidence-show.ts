import type { Command } from 'commander';
import { evidenceRoutes } from '../../contract/evidence.ts';
import { evidenceLines } from '../evidence-lines.ts';
import { requireBatch } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addEvidenceShow(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'show <batch>',
    summary: 'lines, refused, accounts met, verified, weak; no password anywhere',
    example: 'allclear evidence show batch_7 --as ada',
    async run({ api, out }, args) {
      const report = await api.call(evidenceRoutes.show, { params: { batch: requireBatch(args[0]) } });
      out.data(report, () => evidenceLines(report));
    },
  });
}
