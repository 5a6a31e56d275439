import type { Command } from 'commander';
import { evidenceRoutes } from '../../contract/evidence.ts';
import { emptyLine, moreLines, pageOf, pageOptions } from '../pages.ts';
import type { PageFlags } from '../pages.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addEvidenceList(parent: Command, verbs: Verbs): void {
  addVerb<PageFlags>(parent, verbs, {
    usage: 'list',
    summary: 'imported lists, newest first',
    example: 'allclear evidence list --as ada',
    options: pageOptions,
    async run({ api, out }, _args, flags) {
      const answer = await api.call(evidenceRoutes.list, { query: pageOf(flags) });
      out.data(answer, () => [
        ...table(
          ['batch', 'source', 'class', 'state', 'lines', 'met here', 'begun', 'file'],
          answer.batches.map((one) => [
            one.batch,
            one.source.name,
            one.class,
            one.state,
            one.mark.lines,
            one.linesMet,
            one.begunAt,
            one.fileName,
          ]),
        ),
        ...emptyLine(
          flags.after === undefined ? answer.batches.length : 1,
          'No list was imported yet: allclear evidence import --help',
        ),
        ...moreLines(answer.next, 'allclear evidence list'),
      ]);
    },
  });
}
