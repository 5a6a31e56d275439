import type { Command } from 'commander';
import { rolloutRoutes } from '../../contract/rollout.ts';
import { requireSubject } from '../require-ids.ts';
import { rolloutLines } from '../rollout-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addRolloutStatus(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'status <plan>',
    summary: 'tracks, waves, gates, counts per state that add up, contained and untold, in flight, reasons',
    example: 'allclear rollout status plan_81 --as ada',
    async run({ api, out }, args) {
      const status = await api.call(rolloutRoutes.status, { params: { subject: requireSubject(args[0]) } });
      out.data(status, () => rolloutLines(status));
    },
  });
}
