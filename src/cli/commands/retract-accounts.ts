import type { Command } from 'commander';
import { retractionRoutes } from '../../contract/retraction.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import { emptyLine, moreLines, pageOf, pageOptions } from '../pages.ts';
import type { PageFlags } from '../pages.ts';
import { retractionTable } from '../retraction-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends PageFlags {
  readonly leftOver?: boolean;
}

export function addRetractAccounts(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'accounts <retraction>',
    summary: 'every account of a retraction, page by page, or only those that somebody still has to close',
    example: 'allclear retract accounts retraction_4 --left-over --as ada',
    options: [['--left-over', 'only those in no terminal state'], ...pageOptions],
    async run({ api, out }, [retraction = ''], flags) {
      if (!isTypedId('retraction', retraction))
        throw new Failure('usage', `"${retraction}" is no retraction; one looks like retraction_4.`);
      const route = flags.leftOver === true ? retractionRoutes.remainder : retractionRoutes.lines;
      const answer = await api.call(route, { params: { retraction }, query: pageOf(flags) });
      const again = `allclear retract accounts ${retraction}${flags.leftOver === true ? ' --left-over' : ''}`;
      out.data(answer, () => [
        ...retractionTable(answer.action, answer.lines),
        ...emptyLine(
          answer.next === null ? answer.lines.length : 1,
          flags.leftOver === true ? 'Nobody is left over.' : 'There are no accounts.',
        ),
        ...moreLines(answer.next, again),
      ]);
    },
  });
}
