import type { Command } from 'commander';
import { drillRoutes } from '../../contract/drill.ts';
import { drillListLines } from '../drill-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addDrillList(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'list',
    summary: 'the last drills, and until when rollouts may be started',
    example: 'allclear drill list --as ada',
    async run({ api, out }) {
      const listed = await api.call(drillRoutes.list, {});
      out.data(listed, () => drillListLines(listed));
    },
  });
}
