import type { Command } from 'commander';
import { explainRoutes } from '../../contract/explain.ts';
import { explanationLines } from '../explanation-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addExplain(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'explain <account>',
    summary: 'the whole story of one account, by its id, an address or a notice number. The reading is in the ledger',
    example: 'allclear explain 5F2A-0K9M-7QXC-1B3D-W --as ada',
    async run({ api, out }, args) {
      const story = await api.call(explainRoutes.explain, { body: { query: args[0] ?? '' } });
      out.data(story, () => explanationLines(story));
    },
  });
}
