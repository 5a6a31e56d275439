import type { Command } from 'commander';
import { drillRoutes } from '../../contract/drill.ts';
import { drillLines } from '../drill-lines.ts';
import { requireDrillId } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addDrillShow(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'show [drill]',
    summary: 'what the newest drill waits for, and the next command; of one that is over, what was measured',
    example: 'allclear drill show --as ada',
    async run({ api, out }, args) {
      const shown =
        args[0] === undefined
          ? await api.call(drillRoutes.newest, {})
          : await api.call(drillRoutes.show, { params: { drill: requireDrillId(args[0]) } });
      out.data(shown, () => drillLines(shown));
      return shown.state === 'failed' ? 1 : 0;
    },
  });
}
