import type { Command } from 'commander';
import { subjectRoutes } from '../../contract/subject.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addSubjectExport(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'export <account>',
    summary:
      'everything that is held of one account, as JSON with words, by its id, an address or a notice number. The reading is in the ledger',
    example: 'allclear subject export 4711 --as ada > holder-4711.json',
    async run({ api, out }, args) {
      const held = await api.call(subjectRoutes.export, { body: { query: args[0] ?? '' } });
      // For whoever asked to see what is held: the same document with and without --json.
      out.data(held, () => JSON.stringify(held, null, 2).split('\n'));
      out.talk('This holds personal data. Give it to nobody but the holder, and remove it when it is handed over.');
    },
  });
}
